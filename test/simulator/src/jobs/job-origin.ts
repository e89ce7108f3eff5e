import type { JobOrigin } from '../github/group-access.js';
import type { Repository } from '../github/repository.js';
import type { WorkflowJob } from './workflow-job.js';
import { workflowPath } from './workflow-run.js';

export const originOf = (job: WorkflowJob, repository: Repository, org: string): JobOrigin => ({
  repository,
  workflowFile: `${org}/${repository.name}/${workflowPath(job.workflowName)}`,
  refs: [job.headBranch, `refs/heads/${job.headBranch}`, job.headSha],
});
