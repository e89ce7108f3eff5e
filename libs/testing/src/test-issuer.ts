import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  SignJWT,
} from 'jose';

export const AUDIENCE = 'runner-token-service';

type SigningKey = { privateKey: CryptoKey; jwk: JWK };
type TokenOptions = {
  kid?: string | undefined;
  /** Signed by somebody else under this issuer's name. */
  foreignKey?: boolean;
  header?: Partial<JWTHeaderParameters>;
};

export type TestIssuer = {
  issuer: string;
  jwksUrl: string;
  /** How often the key set was fetched. */
  fetches(): number;
  /** What the key set is answered with from now on; without an answer, the published keys. */
  answerKeys(answer?: (response: ServerResponse) => void): void;
  /** Signs with a new key from now on; the old one stays published. */
  addKey(kid: string, algorithm?: string): Promise<void>;
  /** Published beside the signing keys: entries of any kind. */
  publish(...jwks: readonly object[]): void;
  /** A token of `alice`, signed with the newest key or the one of that id. */
  token(claims?: JWTPayload, options?: TokenOptions): Promise<string>;
  /** A token signed with the public key's text as a shared secret. */
  confusedToken(): Promise<string>;
  stop(): Promise<void>;
};

/**
 * An issuer on loopback with discovery and keys made here and now. Under another name it is somebody whose keys are
 * served here: `issuer: 'https://token.actions.githubusercontent.com'`.
 */
export const startTestIssuer = async ({ issuer: name }: { issuer?: string } = {}): Promise<TestIssuer> => {
  const foreign = await generateKeyPair('RS256');
  const keys = new Map<string, SigningKey>();
  const others: object[] = [];
  let fetches = 0;
  let answer: ((response: ServerResponse) => void) | undefined;

  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${url}/jwks` }));
      return;
    }
    fetches += 1;
    if (answer) return answer(response);
    response.end(JSON.stringify({ keys: [...others, ...[...keys.values()].map(({ jwk }) => jwk)] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = name ?? url;

  const addKey = async (kid: string, algorithm = 'RS256') => {
    const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' };
    keys.set(kid, { privateKey, jwk });
  };
  await addKey('key-1');

  const now = () => Math.floor(Date.now() / 1000);
  const newest = () => [...keys.keys()].at(-1) ?? '';
  const usual = () => ({ iss: issuer, aud: AUDIENCE, sub: 'alice', iat: now(), exp: now() + 300 });
  return {
    issuer,
    jwksUrl: `${url}/jwks`,
    fetches: () => fetches,
    answerKeys: (given) => {
      answer = given;
    },
    addKey,
    publish: (...jwks) => others.push(...jwks),
    token: (claims = {}, options = {}) => {
      const { foreignKey = false, header = {} } = options;
      const kid = 'kid' in options ? options.kid : newest();
      const { privateKey, jwk } = keys.get(kid ?? newest()) ?? (keys.get(newest()) as SigningKey);
      return new SignJWT({ ...usual(), ...claims })
        .setProtectedHeader({ alg: jwk.alg ?? 'RS256', ...(kid === undefined ? {} : { kid }), ...header })
        .sign(foreignKey ? foreign.privateKey : privateKey, {
          crit: Object.fromEntries((header.crit ?? []).map((extension) => [extension, true])),
        });
    },
    confusedToken: () =>
      new SignJWT(usual())
        .setProtectedHeader({ alg: 'HS256', kid: newest() })
        .sign(new TextEncoder().encode(JSON.stringify(keys.get(newest())?.jwk))),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
