import { appObject, type GitHubNames, installationObject } from '../accounts.js';
import { notFound, suspended, unprocessable } from '../github-error.js';
import { created, type GitHubRequest, type GitHubRoute, noContent, ok } from '../github-route.js';
import type { InstallationTokens, TokenFormat } from '../installation-tokens.js';
import { paged } from '../paging.js';
import { grantedPermissions, type Permissions, within } from '../permissions.js';
import { objectBody } from '../request-body.js';

export interface AppParts {
  names: GitHubNames;
  installationTokens: InstallationTokens;
  isSuspended: () => boolean;
  tokenFormat: () => TokenFormat;
}

/** The App itself and its one installation. */
export function appRoutes({ names, installationTokens, isSuspended, tokenFormat }: AppParts): GitHubRoute[] {
  const installation = () => installationObject(names, isSuspended());

  const known = (request: GitHubRequest) => {
    if (Number(request.params.installation_id) !== names.installationId) throw notFound();
  };

  return [
    {
      method: 'GET',
      path: '/app',
      operation: 'apps/get-authenticated',
      docs: '/apps/apps#get-the-authenticated-app',
      access: 'app',
      handle: () => ok(appObject(names)),
    },
    {
      method: 'GET',
      path: '/app/installations',
      operation: 'apps/list-installations',
      docs: '/apps/apps#list-installations-for-the-authenticated-app',
      access: 'app',
      handle: (request) => {
        const { items, headers } = paged([installation()], request);
        return ok(items, headers);
      },
    },
    {
      method: 'GET',
      path: '/app/installations/:installation_id',
      operation: 'apps/get-installation',
      docs: '/apps/apps#get-an-installation-for-the-authenticated-app',
      access: 'app',
      handle: (request) => {
        known(request);
        return ok(installation());
      },
    },
    {
      method: 'GET',
      path: '/orgs/:org/installation',
      operation: 'apps/get-org-installation',
      docs: '/apps/apps#get-an-organization-installation-for-the-authenticated-app',
      access: 'app',
      handle: () => ok(installation()),
    },
    {
      method: 'POST',
      path: '/app/installations/:installation_id/access_tokens',
      operation: 'apps/create-installation-access-token',
      docs: '/apps/apps#create-an-installation-access-token-for-an-app',
      access: 'app',
      handle: (request) => {
        known(request);
        if (isSuspended()) throw suspended();
        const permissions = narrowed(objectBody(request.body).permissions);
        return created({
          ...installationTokens.mint(permissions, formatAsked(request) ?? tokenFormat()),
          permissions,
          repository_selection: 'all',
        });
      },
    },
    {
      method: 'DELETE',
      path: '/installation/token',
      operation: 'apps/revoke-installation-access-token',
      docs: '/apps/installations#revoke-an-installation-access-token',
      access: 'installation',
      handle: ({ caller }) => {
        if (caller.kind === 'installation') installationTokens.revoke(caller.token);
        return noContent();
      },
    },
  ];
}

/** A caller may ask for less than was granted, never for more. */
function narrowed(asked: unknown): Permissions {
  if (asked === undefined || asked === null) return grantedPermissions;
  if (typeof asked !== 'object') throw unprocessable('Invalid request.');
  const wanted = Object.fromEntries(Object.entries(asked).map(([name, level]) => [name, String(level)]));
  if (!within(grantedPermissions, wanted)) {
    throw unprocessable('The permissions requested are not granted to this installation.');
  }
  return { metadata: 'read', ...wanted };
}

function formatAsked({ headers }: GitHubRequest): TokenFormat | undefined {
  switch (headers['x-github-stateless-s2s-token']) {
    case 'enabled':
      return 'stateless';
    case 'disabled':
      return 'classic';
    default:
      return undefined;
  }
}
