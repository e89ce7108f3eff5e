import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export const AUDIENCE = 'runner-token-service';

export type TestIssuer = {
  issuer: string;
  /** How often the key set was fetched. */
  fetches(): number;
  token(
    claims?: JWTPayload,
    options?: { kid?: string; algorithm?: string; foreignKey?: boolean },
  ): Promise<string>;
  /** A token signed with the public key's text as a shared secret. */
  confusedToken(): Promise<string>;
  stop(): Promise<void>;
};

/** An issuer on loopback with discovery and one RS256 key made here and now. */
export const startTestIssuer = async (): Promise<TestIssuer> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  let fetches = 0;
  let issuer = '';
  const server: Server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks` }));
      return;
    }
    fetches += 1;
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const now = () => Math.floor(Date.now() / 1000);
  return {
    issuer,
    fetches: () => fetches,
    token: (claims = {}, { kid = 'key-1', foreignKey = false } = {}) =>
      new SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'alice', iat: now(), exp: now() + 300, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(foreignKey ? foreign.privateKey : privateKey),
    confusedToken: () =>
      new SignJWT({ iss: issuer, aud: AUDIENCE, sub: 'alice', exp: now() + 300 })
        .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
        .sign(new TextEncoder().encode(JSON.stringify(jwk))),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
};
