import type { JsonWebKey } from 'node:crypto';
import type { RunnerServiceUrls } from '../runner-service/urls.js';

export interface JitConfigContents {
  runner: { id: number; name: string; groupId: number };
  workFolder: string;
  clientId: string;
  privateKey: JsonWebKey;
  urls: RunnerServiceUrls;
}

/**
 * `encoded_jit_config`: base64 of a JSON object with the runner's three files, each base64 in turn.
 * All values of `.runner` are strings, as GitHub sends them; `.credentials_rsaparams` holds the private key.
 */
export function encodeJitConfig(contents: JitConfigContents): string {
  const { runner, workFolder, clientId, privateKey, urls } = contents;
  return base64Json({
    '.runner': base64Json({
      AgentId: String(runner.id),
      AgentName: runner.name,
      DisableUpdate: 'True',
      Ephemeral: 'True',
      PoolId: String(runner.groupId),
      PoolName: null,
      ServerUrl: urls.pipelines,
      WorkFolder: workFolder,
      GitHubUrl: urls.github,
      ServerUrlV2: urls.broker,
      UseV2Flow: 'true',
    }),
    '.credentials': base64Json({
      Scheme: 'OAuth',
      Data: {
        ClientId: clientId,
        AuthorizationUrl: urls.authorization,
        RequireFipsCryptography: 'True',
      },
    }),
    '.credentials_rsaparams': base64Json({
      d: standardBase64(privateKey.d),
      dp: standardBase64(privateKey.dp),
      dq: standardBase64(privateKey.dq),
      exponent: standardBase64(privateKey.e),
      inverseQ: standardBase64(privateKey.qi),
      modulus: standardBase64(privateKey.n),
      p: standardBase64(privateKey.p),
      q: standardBase64(privateKey.q),
    }),
  });
}

const base64Json = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

const standardBase64 = (base64url: string | undefined): string =>
  Buffer.from(base64url ?? '', 'base64url').toString('base64');
