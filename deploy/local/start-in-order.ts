import { type SimulatorAddresses, signingSecret } from './configuration/installation-values.js';
import { appNames, type ProcessName } from './configuration/process-names.js';
import { type DevelopmentAccess, mintToken } from './development-access.js';
import type { ProcessGroup } from './processes/process-group.js';
import type { RunFile } from './processes/run-files.js';
import {
  appProgram,
  type Installation,
  natsAddress,
  natsMonitoringUrl,
  natsProgram,
  simulatorProgram,
  storeProgram,
} from './programs.js';
import { answersOk, missingFor, until } from './readiness.js';

/**
 * Starts nats-server, the store and the simulator, where they are ours, then the five apps, which need them, and waits
 * until the service is ready.
 *
 * @returns how to try it, when the simulator is used
 */
export async function startInOrder(
  installation: Installation,
  processes: ProcessGroup,
  stopped: AbortSignal,
  warn: (text: string) => void,
): Promise<DevelopmentAccess | undefined> {
  const { variables, simulated, localUrl } = installation.configuration;
  const untilReady = (name: ProcessName) => {
    const look = async () => {
      const found = processes.runFile(name);
      const ready = found && (await answersOk(`${found.internal_url}${readinessOf(name)}`));
      return ready && found;
    };
    return until(look, stopped, (seconds) =>
      warn(`${name} is not ready after ${seconds} s; see ${processes.logPath(name)}`),
    );
  };

  const startNats = async () => {
    if (variables.NATS_URL !== undefined) return;
    processes.start(natsProgram(installation), (pid) => announceNats(installation, pid, stopped));
    await untilReady('nats');
  };
  const startStore = async () => {
    if (variables.EVENTSTORE_URL !== undefined) return;
    processes.start(storeProgram(installation));
    await untilReady('event-store');
  };
  const startSimulator = async () => {
    if (!simulated) return undefined;
    processes.start(simulatorProgram(installation));
    const simulator = await untilReady('simulator');
    const addresses = addressesIn(simulator);
    // before the service is ready: whoever waits for that reads it next
    return { addresses, access: await giveAccess(installation, simulator.internal_url, addresses) };
  };

  const [simulator] = await Promise.all([startSimulator(), startNats(), startStore()]);
  for (const name of appNames) processes.start(appProgram(name, installation, simulator?.addresses));

  await Promise.all(appNames.map(untilReady));
  const readiness = `${localUrl}/health/ready`;
  await until(
    () => answersOk(readiness),
    stopped,
    async (seconds) => warn(`Not ready after ${seconds} s: ${await missingFor(readiness)}`),
  );
  return simulator?.access;
}

/** nats-server has its own word for it. */
const readinessOf = (name: ProcessName) => (name === 'nats' ? '/healthz' : '/health/ready');

/** nats-server writes no run file: the launcher does, once it answers. */
async function announceNats(installation: Installation, pid: number, stopped: AbortSignal): Promise<void> {
  const internalUrl = natsMonitoringUrl(installation);
  await until(() => answersOk(`${internalUrl}/healthz`), stopped).catch(() => undefined);
  if (stopped.aborted) return;
  const { data } = installation;
  data.writeJson(data.runFile('nats'), {
    app: 'nats',
    pid,
    internal_url: internalUrl,
    url: natsAddress(installation),
  });
}

function addressesIn({ internal_url, github_api_url, github_url, oidc_issuer }: RunFile): SimulatorAddresses {
  const text = (value: unknown) => (typeof value === 'string' ? value : internal_url);
  return {
    githubApiUrl: text(github_api_url),
    githubUrl: text(github_url),
    issuer: text(oidc_issuer),
  };
}

/** Writes `run/dev.json`. */
async function giveAccess(
  { configuration, data, secrets }: Installation,
  simulatorUrl: string,
  { issuer }: SimulatorAddresses,
): Promise<DevelopmentAccess> {
  const access = {
    token: await mintToken(simulatorUrl, 'dev'),
    admin_token: await mintToken(simulatorUrl, 'admin'),
    issuer,
    simulator_url: simulatorUrl,
    webhook_secret: signingSecret(configuration.variables, secrets),
  };
  data.writeJson(data.runFile('dev'), access);
  return access;
}
