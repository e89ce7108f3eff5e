import { type Repository, repositoryId } from './repository.js';
import type { RunnerGroup } from './runner-groups.js';

/** Where a job comes from, as far as a runner group asks. */
export interface JobOrigin {
  repository: Repository;
  /** `OWNER/REPO/.github/workflows/x.yml`. */
  workflowFile: string;
  /** Names of the commit it runs at: branch, full ref, SHA. */
  refs: readonly string[];
}

/** Whether the repository may use the group's runners at all. */
export function seesRepository(group: RunnerGroup, repository: Repository): boolean {
  if (!repository.private && !group.allowsPublicRepositories) return false;
  switch (group.visibility) {
    case 'all':
      return true;
    case 'private':
      return repository.private;
    case 'selected':
      return group.selectedRepositoryIds.includes(repositoryId(repository.name));
  }
}

/** Whether a job may run in the group: by its repository and, if the group is restricted, by its workflow. */
export function admits(group: RunnerGroup, { repository, workflowFile, refs }: JobOrigin): boolean {
  if (!seesRepository(group, repository)) return false;
  if (!group.restrictedToWorkflows) return true;
  return group.selectedWorkflows.some((selected) => {
    const [file = '', ref = ''] = selected.split('@');
    return file.toLowerCase() === workflowFile.toLowerCase() && refs.includes(ref);
  });
}
