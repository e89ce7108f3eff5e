import { accountObject, bornAt, type GitHubNames, nodeId, orgAccount, orgId, orgUrlOf } from './accounts.js';

export interface Repository {
  /** Name without the organisation. */
  name: string;
  private: boolean;
}

/** The same positive number for the same repository, always (32-bit FNV-1a). */
export function repositoryId(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name.toLowerCase())) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 1) + 1;
}

/** GitHub's short repository object: what workflow runs and runner groups show. */
export function minimalRepositoryObject(names: GitHubNames, repository: Repository) {
  const { org } = names;
  const { name } = repository;
  const id = repositoryId(name);
  const url = `${names.apiUrl()}/repos/${org}/${name}`;
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: `${org}/${name}`,
    private: repository.private,
    owner: orgAccount(names),
    html_url: `${names.baseUrl()}/${org}/${name}`,
    description: null,
    fork: false,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
  };
}

/** The complete repository object of webhooks. */
export function repositoryObject(names: GitHubNames, repository: Repository) {
  const { org } = names;
  const { name } = repository;
  const base = names.baseUrl();
  const page = `${base}/${org}/${name}`;
  const host = new URL(base).host;
  return {
    ...minimalRepositoryObject(names, repository),
    created_at: bornAt,
    updated_at: bornAt,
    pushed_at: bornAt,
    git_url: `git://${host}/${org}/${name}.git`,
    ssh_url: `git@${host}:${org}/${name}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 128,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: false,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: 'main',
    custom_properties: {},
  };
}

/** The organisation object of webhooks, shorter than that of REST. */
export function organizationObject(names: GitHubNames) {
  const url = orgUrlOf(names);
  return {
    login: names.org,
    id: orgId,
    node_id: nodeId('O', orgId),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${names.baseUrl()}/avatars/u/${orgId}?v=4`,
    description: null,
  };
}

/** Who caused an event: always the same person. */
export const senderObject = (names: GitHubNames) =>
  accountObject(names, { login: 'octocat', id: 583_231, type: 'User' });
