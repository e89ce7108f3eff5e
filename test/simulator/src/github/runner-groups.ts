import type { Collection } from '../store/collection.js';
import type { Database } from '../store/database.js';

export type GroupVisibility = 'all' | 'selected' | 'private';

export interface RunnerGroup {
  id: number;
  name: string;
  visibility: GroupVisibility;
  default: boolean;
  allowsPublicRepositories: boolean;
  restrictedToWorkflows: boolean;
  /** `owner/repo/.github/workflows/x.yml@ref`; only looked at when restricted. */
  selectedWorkflows: string[];
  /** Only looked at when the visibility is `selected`. */
  selectedRepositoryIds: number[];
  networkConfigurationId: string | null;
}

/** What may be said about a group when it is made or changed. */
export type GroupSettings = Omit<RunnerGroup, 'id' | 'default'>;

/** The group GitHub keeps for its own machines: it exists, but nobody can add a runner to it. */
export const hostedRunnerGroupId = 2;

export const newGroupSettings: Omit<GroupSettings, 'name'> = {
  visibility: 'all',
  allowsPublicRepositories: false,
  restrictedToWorkflows: false,
  selectedWorkflows: [],
  selectedRepositoryIds: [],
  networkConfigurationId: null,
};

/** The organisation's runner groups; which runner is in which is the runner's own affair. */
export class RunnerGroups {
  private readonly groups: Collection<RunnerGroup>;

  constructor(private readonly database: Database) {
    this.groups = database.collection('runner-group', (group) => group.id);
    if (this.groups.size === 0) {
      this.groups.put({
        ...newGroupSettings,
        id: 1,
        name: 'Default',
        default: true,
        allowsPublicRepositories: true,
      });
    }
    // A file of an earlier version knows fewer members.
    for (const group of this.groups.values()) this.groups.put({ ...newGroupSettings, ...group });
  }

  get(id: number): RunnerGroup | undefined {
    return this.groups.get(id);
  }

  findByName(name: string): RunnerGroup | undefined {
    return this.all().find((group) => group.name.toLowerCase() === name.toLowerCase());
  }

  /** The one every runner is in that was sent nowhere else. */
  get default(): RunnerGroup {
    const found = this.all().find((group) => group.default);
    if (!found) throw new Error('there is always a default group');
    return found;
  }

  all(): RunnerGroup[] {
    return [...this.groups.values()];
  }

  add(settings: GroupSettings): RunnerGroup {
    const id = this.database.next('runner-group', hostedRunnerGroupId + 1);
    return this.groups.put({ ...settings, id, default: false });
  }

  change(group: RunnerGroup, change: Partial<GroupSettings>): RunnerGroup {
    return this.groups.put({ ...group, ...change });
  }

  remove(group: RunnerGroup): void {
    this.groups.delete(group.id);
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
  ...(group.networkConfigurationId === null
    ? {}
    : { network_configuration_id: group.networkConfigurationId }),
  inherited: false,
  allows_public_repositories: group.allowsPublicRepositories,
  restricted_to_workflows: group.restrictedToWorkflows,
  selected_workflows: group.selectedWorkflows,
  workflow_restrictions_read_only: false,
});
