/** The addresses a runner is told. Those ending in `/` are bases that relative paths are resolved against. */
export interface RunnerServiceUrls {
  /** The organisation's page: what `config.sh --url` takes. */
  github: string;
  /** Token endpoint, and the audience of the runner's assertion. */
  authorization: string;
  /** `ServerUrlV2`: sessions and messages. */
  broker: string;
  /** `run_service_url`: jobs. */
  runService: string;
  /** `ServerUrl`: base of the older protocol, only asked for `connectionData`. */
  pipelines: string;
}

/** Stands for the organisation in addresses, like GitHub's tenant GUIDs. */
const tenant = '5f0ac84e-3c8b-4c52-9a1d-7d0b6f6a1f2e';

export const runnerServicePaths = {
  authorization: `/_apis/oauth2/token/${tenant}`,
  broker: '/broker/',
  runService: '/run-service/',
  pipelines: `/pipelines/${tenant}/`,
};

/** @param base `http://127.0.0.1:PORT` */
export const runnerServiceUrls = (base: string, org: string): RunnerServiceUrls => ({
  github: `${base}/${org}`,
  authorization: base + runnerServicePaths.authorization,
  broker: base + runnerServicePaths.broker,
  runService: base + runnerServicePaths.runService,
  pipelines: base + runnerServicePaths.pipelines,
});
