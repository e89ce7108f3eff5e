import type { JWK } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import { accountOf } from './account.js';
import type { OidcStore } from './oidc-store.js';

export interface ProviderParts {
  issuer: string;
  /** `aud` of access tokens. */
  audience: string;
  /** The signing key first. */
  keys: JWK[];
  cookieKey: string;
  store: OidcStore;
}

/** The resource every token is for; its name never leaves the issuer, the audience does. */
const resource = 'urn:runner-token-service:api';

const hour = 3600;
const day = 24 * hour;

/** An issuer that signs RS256 JWT access tokens and asks nobody for consent. */
export function makeProvider({ issuer, audience, keys, cookieKey, store }: ProviderParts): Provider {
  const configuration: Configuration = {
    adapter: (model) => store.adapter(model),
    jwks: { keys: keys.map((key) => ({ ...key, kty: 'RSA' as const, n: key.n ?? '', e: key.e ?? '' })) },
    cookies: { keys: [cookieKey] },
    scopes: ['openid', 'offline_access', 'email', 'profile', 'runners'],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, login) => ({ accountId: login, claims: () => ({ ...accountOf(login) }) }),
    extraTokenClaims: (_context, token) => {
      if (!('accountId' in token)) return undefined;
      const { sub: _, ...claims } = accountOf(token.accountId);
      return claims;
    },
    loadExistingGrant: async ({ oidc }) => {
      const { client, session, params, provider } = oidc;
      if (!client || !session?.accountId) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope(String(params?.scope ?? 'openid'));
      grant.addResourceScope(resource, 'runners');
      await grant.save();
      return grant;
    },
    issueRefreshToken: (_context, client, code) =>
      client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
    interactions: { url: (_context, { uid }) => `${new URL(issuer).pathname}/interaction/${uid}` },
    pkce: { required: () => true },
    ttl: {
      AccessToken: hour,
      AuthorizationCode: 60,
      ClientCredentials: hour,
      Grant: 14 * day,
      IdToken: hour,
      Interaction: hour,
      RefreshToken: 14 * day,
      Session: 14 * day,
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      userinfo: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          context.body = `<!doctype html><title>Sign out</title>${form}
<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">Sign out</button>`;
        },
        postLogoutSuccessSource: (context) => {
          context.body = '<!doctype html><title>Signed out</title><p>Signed out.</p>';
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'runners',
          audience,
          accessTokenTTL: hour,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
    renderError: (context, { error, error_description }) => {
      context.type = 'json';
      context.body = JSON.stringify({ error, error_description });
    },
  };
  return new Provider(issuer, configuration);
}
