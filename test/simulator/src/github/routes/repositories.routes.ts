import type { GitHubNames } from '../accounts.js';
import { notFound } from '../github-error.js';
import { type GitHubRoute, ok } from '../github-route.js';
import { paged } from '../paging.js';
import type { Repositories } from '../repositories.js';
import { repositoryObject } from '../repository.js';

/** What somebody needs to go through the runs of all repositories, one by one. */
export const repositoryRoutes = (names: GitHubNames, repositories: Repositories): GitHubRoute[] => [
  {
    method: 'GET',
    path: '/installation/repositories',
    operation: 'apps/list-repos-accessible-to-installation',
    docs: '/apps/installations#list-repositories-accessible-to-the-app-installation',
    access: 'installation',
    permission: 'metadata=read',
    handle: (request) => {
      const all = repositories.all();
      const { items, headers } = paged(all, request);
      const shown = items.map((repository) => repositoryObject(names, repository));
      return ok({ total_count: all.length, repository_selection: 'all', repositories: shown }, headers);
    },
  },
  {
    method: 'GET',
    path: '/repos/:org/:repo',
    operation: 'repos/get',
    docs: '/repos/repos#get-a-repository',
    access: 'installation',
    permission: 'metadata=read',
    handle: ({ params }) => {
      const repository = repositories.find(params.repo ?? '');
      if (!repository) throw notFound();
      // Two counts more than in a list.
      return ok({ ...repositoryObject(names, repository), network_count: 0, subscribers_count: 0 });
    },
  },
];
