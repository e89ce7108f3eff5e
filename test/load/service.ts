import type { WholeSystem } from '../bench/processes/whole-system.js';

/** The public door, with a token. */
export type Service = {
  call<Body>(method: string, path: string, options?: { token?: string; body?: object }): Promise<Body>;
  mint(subject: string): Promise<string>;
  issuer: string;
};

/** Calls that have to succeed; by default the administrator's. */
export const serviceOf = async ({ url, access, simulator }: WholeSystem): Promise<Service> => {
  const call = async <Body>(
    method: string,
    path: string,
    { token = access.admin_token, body }: { token?: string; body?: object } = {},
  ): Promise<Body> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Body;
  };
  const { oidc_issuer: issuer } = await call<{ oidc_issuer: string }>('GET', '/auth/me');
  return {
    call,
    issuer,
    mint: async (sub) => {
      type Minted = { access_token: string };
      return (await simulator<Minted>('POST', '/tokens', { sub })).access_token;
    },
  };
};
