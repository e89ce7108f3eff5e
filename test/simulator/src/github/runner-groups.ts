import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

export interface RunnerGroup {
  id: number;
  name: string;
  visibility: 'all' | 'selected' | 'private';
  default: boolean;
}

/** The group GitHub keeps for its own machines: it exists, but nobody can add a runner to it. */
export const hostedRunnerGroupId = 2;

export class RunnerGroups {
  private readonly groups: Collection<RunnerGroup>;

  constructor(private readonly database: Database) {
    this.groups = database.collection('runner-group', (group) => group.id);
    if (this.groups.size === 0) {
      this.groups.put({ id: 1, name: 'Default', visibility: 'all', default: true });
    }
  }

  get(id: number): RunnerGroup | undefined {
    return this.groups.get(id);
  }

  all(): RunnerGroup[] {
    return [...this.groups.values()];
  }

  add(name: string, visibility: RunnerGroup['visibility']): RunnerGroup {
    const id = this.database.next('runner-group', hostedRunnerGroupId + 1);
    return this.groups.put({ id, name, visibility, default: false });
  }
}

/** The runner group object of an organisation. `runner_groups` in the address is GitHub's own spelling. */
export const toRunnerGroupObject = (group: RunnerGroup, orgUrl: string) => ({
  id: group.id,
  name: group.name,
  visibility: group.visibility,
  ...(group.visibility === 'selected'
    ? { selected_repositories_url: `${orgUrl}/actions/runner_groups/${group.id}/repositories` }
    : {}),
  default: group.default,
  runners_url: `${orgUrl}/actions/runner_groups/${group.id}/runners`,
  inherited: false,
  allows_public_repositories: group.default,
  restricted_to_workflows: false,
  selected_workflows: [],
  workflow_restrictions_read_only: false,
});
