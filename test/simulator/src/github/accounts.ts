import { toSecondsIso } from '../clock.js';
import { grantedPermissions } from './permissions.js';

/** Fixed moment at which everything the simulator is born with was made. */
export const bornAt = toSecondsIso(Date.UTC(2024, 0, 15, 9, 30));

export const events = ['workflow_job'];

/** What the App and its organisation are called, and the address they live at. */
export interface GitHubNames {
  appId: number;
  installationId: number;
  org: string;
  /** `http://127.0.0.1:PORT`: pages for people. Known once the server listens. */
  baseUrl: () => string;
  /** Of the REST API: the same, on an Enterprise Server with `/api/v3`. */
  apiUrl: () => string;
}

/** The client id GitHub shows beside the App's number; accepted as `iss` too. */
export const clientIdOf = (appId: number): string => `Iv23li${String(appId).padStart(14, '0')}`;

export const orgId = 9919;

/** The organisation's address in the REST API. */
export const orgUrlOf = ({ org, apiUrl }: GitHubNames): string => `${apiUrl()}/orgs/${org}`;

/** Opaque to everybody; the letter tells the kind. */
export const nodeId = (kind: string, id: number): string =>
  `${kind}_${Buffer.from(`${kind}${id}`).toString('base64url')}`;

/** GitHub's "simple user", which also stands for organisations. */
export function accountObject(
  { baseUrl, apiUrl }: GitHubNames,
  account: { login: string; id: number; type: 'Organization' | 'User' },
) {
  const url = `${apiUrl()}/users/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(account.type === 'User' ? 'U' : 'O', account.id),
    avatar_url: `${baseUrl()}/avatars/u/${account.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${baseUrl()}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    site_admin: false,
  };
}

export const orgAccount = (names: GitHubNames) =>
  accountObject(names, { login: names.org, id: orgId, type: 'Organization' });

/** GET /app */
export const appObject = (names: GitHubNames) => ({
  id: names.appId,
  slug: 'runner-token-service',
  node_id: nodeId('A', names.appId),
  client_id: clientIdOf(names.appId),
  owner: orgAccount(names),
  name: 'Runner Token Service',
  description: 'Registers self-hosted runners',
  external_url: names.baseUrl(),
  html_url: `${names.baseUrl()}/apps/runner-token-service`,
  created_at: bornAt,
  updated_at: bornAt,
  permissions: grantedPermissions,
  events,
  installations_count: 1,
});

export const installationObject = (names: GitHubNames, suspended: boolean) => ({
  id: names.installationId,
  account: orgAccount(names),
  repository_selection: 'all',
  access_tokens_url: `${names.apiUrl()}/app/installations/${names.installationId}/access_tokens`,
  repositories_url: `${names.apiUrl()}/installation/repositories`,
  html_url: `${names.baseUrl()}/organizations/${names.org}/settings/installations/${names.installationId}`,
  app_id: names.appId,
  app_slug: 'runner-token-service',
  client_id: clientIdOf(names.appId),
  target_id: orgId,
  target_type: 'Organization',
  permissions: grantedPermissions,
  events,
  created_at: bornAt,
  updated_at: bornAt,
  single_file_name: null,
  suspended_by: suspended ? orgAccount(names) : null,
  suspended_at: suspended ? bornAt : null,
});
