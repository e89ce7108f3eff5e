/** Registration of a client, in the words of OpenID Connect. */
export interface OidcClient {
  client_id: string;
  client_secret: string;
  client_name: string;
  grant_types: string[];
  response_types: 'code'[];
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
  scope: string;
}

/** The machine client every simulator has; a machine's `sub` is its client id. */
export const buildFarm = { clientId: 'build-farm', clientSecret: 'build-farm-secret' };

/** @param publicUrl address of the service, e.g. `http://localhost:8000` */
export function oidcClients(
  dashboard: { clientId: string; clientSecret: string },
  publicUrl: string,
): OidcClient[] {
  const origins = sameMachine(publicUrl);
  return [
    {
      client_id: dashboard.clientId,
      client_secret: dashboard.clientSecret,
      client_name: 'Runner Token Service',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      redirect_uris: origins.map((origin) => `${origin}/dashboard/callback`),
      post_logout_redirect_uris: origins.flatMap((origin) => [
        origin,
        `${origin}/`,
        `${origin}/dashboard`,
        `${origin}/dashboard/`,
      ]),
      scope: 'openid email profile offline_access',
    },
    {
      client_id: buildFarm.clientId,
      client_secret: buildFarm.clientSecret,
      client_name: 'Build farm',
      grant_types: ['client_credentials'],
      response_types: [],
      redirect_uris: [],
      post_logout_redirect_uris: [],
      scope: 'runners',
    },
  ];
}

/** `localhost` and `127.0.0.1` are the same place to a person who types an address. */
function sameMachine(publicUrl: string): string[] {
  const url = publicUrl.replace(/\/+$/, '');
  return [
    ...new Set([url, url.replace('//localhost', '//127.0.0.1'), url.replace('//127.0.0.1', '//localhost')]),
  ];
}
