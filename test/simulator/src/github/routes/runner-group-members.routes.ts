import { notFound } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, noContent, ok } from '../github-route.js';
import { paged } from '../paging.js';
import { integers, objectBody, required } from '../request-body.js';
import { type Runner, toRunnerObject } from '../runner.js';
import {
  groupOf,
  groupsDocs,
  groupsPath,
  groupToChange,
  type RunnerGroupParts,
  readGroups,
  writeGroups,
} from './runner-groups.routes.js';

const path = `${groupsPath}/:runner_group_id/runners`;

/** Which runners are in a group. A runner is in exactly one: whoever leaves another goes to the default group. */
export function runnerGroupMemberRoutes({
  groups,
  runners,
  onAccessChanged,
}: RunnerGroupParts): GitHubRoute[] {
  const runnerOf = (id: number): Runner => {
    const runner = runners.get(id);
    if (!runner) throw notFound();
    return runner;
  };
  const send = (runner: Runner, groupId: number) => {
    if (runner.runner_group_id !== groupId) runners.change(runner, { runner_group_id: groupId });
  };
  const changed = (request: GitHubRequest, change: (groupId: number) => void) => {
    change(groupToChange(request, groups).id);
    onAccessChanged();
    return noContent();
  };

  return [
    {
      method: 'GET',
      path,
      operation: 'actions/list-self-hosted-runners-in-group-for-org',
      docs: `${groupsDocs}#list-self-hosted-runners-in-a-group-for-an-organization`,
      access: 'installation',
      permission: readGroups,
      handle: (request) => {
        const { id } = groupOf(request, groups);
        const members = runners.listed().filter((runner) => runner.runner_group_id === id);
        const { items, headers } = paged(members, request);
        return ok({ total_count: members.length, runners: items.map(toRunnerObject) }, headers);
      },
    },
    {
      method: 'PUT',
      path,
      operation: 'actions/set-self-hosted-runners-in-group-for-org',
      docs: `${groupsDocs}#set-self-hosted-runners-in-a-group-for-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) =>
        changed(request, (groupId) => {
          const body = objectBody(request.body);
          required(body, 'runners');
          const members = integers(body, 'runners').map(runnerOf);
          for (const runner of runners.inGroup(groupId)) send(runner, groups.default.id);
          for (const { id } of members) send(runnerOf(id), groupId);
        }),
    },
    {
      method: 'PUT',
      path: `${path}/:runner_id`,
      operation: 'actions/add-self-hosted-runner-to-group-for-org',
      docs: `${groupsDocs}#add-a-self-hosted-runner-to-a-group-for-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) =>
        changed(request, (groupId) => send(runnerOf(Number(request.params.runner_id)), groupId)),
    },
    {
      method: 'DELETE',
      path: `${path}/:runner_id`,
      operation: 'actions/remove-self-hosted-runner-from-group-for-org',
      docs: `${groupsDocs}#remove-a-self-hosted-runner-from-a-group-for-an-organization`,
      access: 'installation',
      permission: writeGroups,
      handle: (request) =>
        changed(request, (groupId) => {
          const runner = runnerOf(Number(request.params.runner_id));
          if (runner.runner_group_id !== groupId) throw notFound();
          send(runner, groups.default.id);
        }),
    },
    {
      method: 'GET',
      path: `${groupsPath}/:runner_group_id/hosted-runners`,
      operation: 'actions/list-github-hosted-runners-in-group-for-org',
      onlyAt: 'github.com',
      docs: `${groupsDocs}#list-github-hosted-runners-in-a-group-for-an-organization`,
      access: 'installation',
      permission: readGroups,
      handle: (request) => {
        groupOf(request, groups);
        return ok({ total_count: 0, runners: [] });
      },
    },
  ];
}
