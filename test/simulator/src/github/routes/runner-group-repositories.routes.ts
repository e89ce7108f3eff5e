import { GitHubError, notFound } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, noContent, ok } from '../github-route.js';
import { paged } from '../paging.js';
import { minimalRepositoryObject } from '../repository.js';
import { integers, objectBody, required } from '../request-body.js';
import {
  groupOf,
  groupsDocs,
  groupsPath,
  groupToChange,
  type RunnerGroupParts,
  readGroups,
  writeGroups,
} from './runner-groups.routes.js';

const path = `${groupsPath}/:runner_group_id/repositories`;

/** Which repositories may use a group whose visibility is `selected`. */
export function runnerGroupRepositoryRoutes(parts: RunnerGroupParts): GitHubRoute[] {
  const { names, groups, repositories, onAccessChanged } = parts;

  const known = (id: number): number => {
    if (!repositories.get(id)) throw notFound();
    return id;
  };

  const changed = (request: GitHubRequest, next: (selected: number[]) => number[]) => {
    const group = groupToChange(request, groups);
    if (group.visibility !== 'selected') {
      throw new GitHubError(409, "Conflict - The runner group's visibility is not set to selected.");
    }
    groups.change(group, { selectedRepositoryIds: next(group.selectedRepositoryIds) });
    onAccessChanged();
    return noContent();
  };

  return [
    {
      method: 'GET',
      path,
      operation: 'actions/list-repo-access-to-self-hosted-runner-group-in-org',
      docs: `${groupsDocs}#list-repository-access-to-a-self-hosted-runner-group-in-an-organization`,
      access: 'installation',
      permission: readGroups,
      handle: (request) => {
        const selected = groupOf(request, groups).selectedRepositoryIds.flatMap(
          (id) => repositories.get(id) ?? [],
        );
        const { items, headers } = paged(selected, request);
        const shown = items.map((repository) => minimalRepositoryObject(names, repository));
        return ok({ total_count: selected.length, repositories: shown }, headers);
      },
    },
    {
      method: 'PUT',
      path,
      operation: 'actions/set-repo-access-to-self-hosted-runner-group-in-org',
      docs: `${groupsDocs}#set-repository-access-for-a-self-hosted-runner-group-in-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const body = objectBody(request.body);
        required(body, 'selected_repository_ids');
        const asked = integers(body, 'selected_repository_ids').map(known);
        return changed(request, () => [...new Set(asked)]);
      },
    },
    {
      method: 'PUT',
      path: `${path}/:repository_id`,
      operation: 'actions/add-repo-access-to-self-hosted-runner-group-in-org',
      docs: `${groupsDocs}#add-repository-access-to-a-self-hosted-runner-group-in-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const id = known(Number(request.params.repository_id));
        return changed(request, (selected) => [...new Set([...selected, id])]);
      },
    },
    {
      method: 'DELETE',
      path: `${path}/:repository_id`,
      operation: 'actions/remove-repo-access-to-self-hosted-runner-group-in-org',
      docs: `${groupsDocs}#remove-repository-access-to-a-self-hosted-runner-group-in-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const id = known(Number(request.params.repository_id));
        return changed(request, (selected) => selected.filter((each) => each !== id));
      },
    },
  ];
}
