import type { GitHubNames } from '../accounts.js';
import { notFound } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { paged } from '../paging.js';
import { toRunnerObject } from '../runner.js';
import { type RunnerGroup, type RunnerGroups, toRunnerGroupObject } from '../runner-groups.js';
import type { RunnerRegistry } from '../runner-registry.js';

const base = '/orgs/:org/actions/runner-groups';
const docs = '/actions/self-hosted-runner-groups';
const read = 'organization_self_hosted_runners=read';

export function runnerGroupRoutes(
  groups: RunnerGroups,
  runners: RunnerRegistry,
  names: GitHubNames,
): GitHubRoute[] {
  const shown = (group: RunnerGroup) => toRunnerGroupObject(group, `${names.baseUrl()}/orgs/${names.org}`);

  const groupOf = ({ params }: GitHubRequest): RunnerGroup => {
    const group = groups.get(Number(params.runner_group_id));
    if (!group) throw notFound();
    return group;
  };

  return [
    {
      method: 'GET',
      path: base,
      operation: 'actions/list-self-hosted-runner-groups-for-org',
      docs: `${docs}#list-self-hosted-runner-groups-for-an-organization`,
      access: 'installation-or-registration',
      permission: read,
      handle: (request) => {
        const { items, headers } = paged(groups.all(), request);
        // `is_hosted` is seen by the runner's own registration only.
        const show = (group: RunnerGroup) =>
          request.caller.kind === 'registration' ? { ...shown(group), is_hosted: false } : shown(group);
        return ok({ total_count: groups.all().length, runner_groups: items.map(show) }, headers);
      },
    },
    {
      method: 'GET',
      path: `${base}/:runner_group_id`,
      operation: 'actions/get-self-hosted-runner-group-for-org',
      docs: `${docs}#get-a-self-hosted-runner-group-for-an-organization`,
      access: 'installation',
      permission: read,
      handle: (request) => ok(shown(groupOf(request))),
    },
    {
      method: 'GET',
      path: `${base}/:runner_group_id/runners`,
      operation: 'actions/list-self-hosted-runners-in-group-for-org',
      docs: `${docs}#list-self-hosted-runners-in-a-group-for-an-organization`,
      access: 'installation',
      permission: read,
      handle: (request) => {
        const { id } = groupOf(request);
        const members = runners.listed().filter((runner) => runner.runner_group_id === id);
        const { items, headers } = paged(members, request);
        return ok({ total_count: members.length, runners: items.map(toRunnerObject) }, headers);
      },
    },
  ];
}
