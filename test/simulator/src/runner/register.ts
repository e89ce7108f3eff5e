import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { terminated } from './exit-code.js';
import { type Answer, aboutThisRunner, request } from './request.js';
import type { RunnerSettings } from './runner-settings.js';

export interface Registration {
  /** Page of the organisation, e.g. `http://127.0.0.1:4000/octo-org`. */
  url: string;
  /** Registration token. */
  token: string;
  name: string;
  labels: readonly string[];
  ephemeral: boolean;
  /** Take the place of a runner of that name. */
  replace?: boolean;
}

/** What `config.sh --url --token` does: makes a key pair and registers its public half. */
export async function register(registration: Registration): Promise<RunnerSettings> {
  const { url, token, name, labels, ephemeral, replace = false } = registration;
  const api = `${new URL(url).origin}/api/v3`;
  const post = (path: string, body: unknown): Promise<Answer> =>
    request(api + path, {
      method: 'POST',
      headers: { authorization: `RemoteAuth ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const admitted = await post('/actions/runner-registration', { url, runner_event: 'register' });
  if (admitted.status === 404) {
    throw terminated('GitHub knows no such organisation, or the registration token has expired.');
  }
  if (admitted.status !== 200)
    throw terminated(`GitHub refused: ${admitted.body.message ?? admitted.status}`);
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
  const base64 = (base64url: string) => Buffer.from(base64url, 'base64url').toString('base64');
  const { status, body } = await post('/actions/runners/register', {
    url,
    group_id: 1,
    name,
    version: aboutThisRunner.version,
    updates_disabled: false,
    ephemeral,
    replace,
    labels: [
      ...['self-hosted', 'Linux', 'X64'].map((label) => ({ id: 0, name: label, type: 'system' })),
      ...labels.map((label) => ({ id: 0, name: label, type: 'user' })),
    ],
    public_key: `<RSAKeyValue><Modulus>${base64(n)}</Modulus><Exponent>${base64(e)}</Exponent></RSAKeyValue>`,
  });
  if (status !== 200) throw terminated(`The runner was not registered: ${body.message ?? status}`);
  const authorization = body.authorization as {
    authorization_url: string;
    server_url: string;
    client_id: string;
  };
  return {
    id: Number(body.id),
    name,
    ephemeral,
    brokerUrl: authorization.server_url,
    clientId: authorization.client_id,
    authorizationUrl: authorization.authorization_url,
    requireFips: false,
    privateKey,
  };
}
