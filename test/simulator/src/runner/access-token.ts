import { constants, randomUUID, sign } from 'node:crypto';
import { exitCodes, RunnerExit, terminated } from './exit-code.js';
import { request } from './request.js';
import type { RunnerSettings } from './runner-settings.js';

const assertionLifeSeconds = 300;

/** The runner's OAuth token: minted when needed, and anew when GitHub says 401. */
export class AccessToken {
  private token: Promise<string> | undefined;

  constructor(private readonly settings: RunnerSettings) {}

  get(): Promise<string> {
    this.token ??= this.mint();
    return this.token;
  }

  discard(): void {
    this.token = undefined;
  }

  private async mint(): Promise<string> {
    const { authorizationUrl } = this.settings;
    const { status, body } = await request(authorizationUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: this.assertion(),
      }).toString(),
    });
    if (status === 200 && typeof body.access_token === 'string') return body.access_token;
    this.discard();
    if (body.error === 'invalid_client') {
      throw terminated(
        `The runner registration has been deleted from the server, please re-configure. (${body.error_description})`,
      );
    }
    throw new RunnerExit(exitCodes.retryable, `GitHub gave no access token (${status}).`);
  }

  /** Proof of the private key: `iss` and `sub` are the client, `aud` is the token endpoint. */
  private assertion(): string {
    const { clientId, authorizationUrl, requireFips, privateKey } = this.settings;
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const nbf = Math.floor(Date.now() / 1000);
    const signed = `${part({ typ: 'JWT', alg: requireFips ? 'PS256' : 'RS256' })}.${part({
      iss: clientId,
      sub: clientId,
      aud: authorizationUrl,
      jti: randomUUID(),
      nbf,
      exp: nbf + assertionLifeSeconds,
    })}`;
    const padding = requireFips
      ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
      : { padding: constants.RSA_PKCS1_PADDING };
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, ...padding });
    return `${signed}.${signature.toString('base64url')}`;
  }
}
