import { type GitHubNames, orgUrlOf } from '../accounts.js';
import { GitHubError, notFound, unprocessable } from '../github-error.js';
import { created, type GitHubRequest, type GitHubRoute, noContent, ok } from '../github-route.js';
import { seesRepository } from '../group-access.js';
import { groupSettingsAsked } from '../group-settings.js';
import { paged } from '../paging.js';
import type { Repositories } from '../repositories.js';
import { integers, objectBody } from '../request-body.js';
import {
  hostedRunnerGroupId,
  newGroupSettings,
  type RunnerGroup,
  type RunnerGroups,
  toRunnerGroupObject,
} from '../runner-groups.js';
import type { RunnerRegistry } from '../runner-registry.js';

export const groupsPath = '/orgs/:org/actions/runner-groups';
export const groupsDocs = '/actions/self-hosted-runner-groups';
export const readGroups = 'organization_self_hosted_runners=read';
export const writeGroups = 'organization_self_hosted_runners=write';

export interface RunnerGroupParts {
  names: GitHubNames;
  groups: RunnerGroups;
  runners: RunnerRegistry;
  repositories: Repositories;
  /** Called after somebody may have come to be admitted to a group. */
  onAccessChanged: () => void;
}

/** Runner groups themselves: who may use them, and what they are called. */
export function runnerGroupRoutes(parts: RunnerGroupParts): GitHubRoute[] {
  const { names, groups, runners, repositories, onAccessChanged } = parts;
  const shown = (group: RunnerGroup) => toRunnerGroupObject(group, orgUrlOf(names));

  const nameIsFree = (name: string, except?: RunnerGroup) => {
    const holder = groups.findByName(name);
    if (holder && holder.id !== except?.id) {
      throw new GitHubError(409, `Already exists - A runner group with the name ${name} already exists.`);
    }
  };

  return [
    {
      method: 'GET',
      path: groupsPath,
      operation: 'actions/list-self-hosted-runner-groups-for-org',
      docs: `${groupsDocs}#list-self-hosted-runner-groups-for-an-organization`,
      access: 'installation-or-registration',
      permission: readGroups,
      handle: (request) => {
        const found = visibleTo(request.query.get('visible_to_repository'));
        const { items, headers } = paged(found, request);
        // `is_hosted` is seen by the runner's own registration only.
        const show = (group: RunnerGroup) =>
          request.caller.kind === 'registration' ? { ...shown(group), is_hosted: false } : shown(group);
        return ok({ total_count: found.length, runner_groups: items.map(show) }, headers);
      },
    },
    {
      method: 'POST',
      path: groupsPath,
      operation: 'actions/create-self-hosted-runner-group-for-org',
      docs: `${groupsDocs}#create-a-self-hosted-runner-group-for-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const body = objectBody(request.body);
        const settings = groupSettingsAsked(body);
        const members = (body.runners === undefined ? [] : integers(body, 'runners')).map((id) => {
          const runner = runners.get(id);
          if (!runner) throw notFound();
          return runner;
        });
        nameIsFree(settings.name);
        const group = groups.add({ ...newGroupSettings, ...settings });
        for (const runner of members) runners.change(runner, { runner_group_id: group.id });
        onAccessChanged();
        return created(shown(group));
      },
    },
    {
      method: 'GET',
      path: `${groupsPath}/:runner_group_id`,
      operation: 'actions/get-self-hosted-runner-group-for-org',
      docs: `${groupsDocs}#get-a-self-hosted-runner-group-for-an-organization`,
      access: 'installation',
      permission: readGroups,
      handle: (request) => ok(shown(groupOf(request, groups))),
    },
    {
      method: 'PATCH',
      path: `${groupsPath}/:runner_group_id`,
      operation: 'actions/update-self-hosted-runner-group-for-org',
      docs: `${groupsDocs}#update-a-self-hosted-runner-group-for-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const group = groupToChange(request, groups);
        const settings = groupSettingsAsked(objectBody(request.body));
        nameIsFree(settings.name, group);
        const changed = groups.change(group, settings);
        onAccessChanged();
        return ok(shown(changed));
      },
    },
    {
      method: 'DELETE',
      path: `${groupsPath}/:runner_group_id`,
      operation: 'actions/delete-self-hosted-runner-group-from-org',
      docs: `${groupsDocs}#delete-a-self-hosted-runner-group-from-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) => {
        const group = groupToChange(request, groups);
        if (group.default) throw unprocessable('Bad request - The default runner group cannot be deleted.');
        for (const runner of runners.inGroup(group.id)) {
          runners.change(runner, { runner_group_id: groups.default.id });
        }
        groups.remove(group);
        onAccessChanged();
        return noContent();
      },
    },
  ];

  /** @param repository name, with or without the organisation; null shows all */
  function visibleTo(repository: string | null): RunnerGroup[] {
    if (repository === null) return groups.all();
    const known = repositories.find(repository.split('/').at(-1) ?? '');
    return known ? groups.all().filter((group) => seesRepository(group, known)) : [];
  }
}

/** @throws GitHubError 404 */
export function groupOf({ params }: GitHubRequest, groups: RunnerGroups): RunnerGroup {
  const group = groups.get(Number(params.runner_group_id));
  if (!group) throw notFound();
  return group;
}

/** @throws GitHubError 403 for the group of GitHub's own machines, 404 */
export function groupToChange(request: GitHubRequest, groups: RunnerGroups): RunnerGroup {
  if (Number(request.params.runner_group_id) === hostedRunnerGroupId) {
    throw new GitHubError(403, 'GitHub hosted runner groups cannot be modified');
  }
  return groupOf(request, groups);
}
