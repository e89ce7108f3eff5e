import { type GitHubNames, nodeId } from '../github/accounts.js';
import {
  organizationObject,
  type Repository,
  repositoryId,
  repositoryObject,
  senderObject,
} from '../github/repository.js';
import { type Runner, toRunnerObject } from '../github/runner.js';
import type { RunnerAction } from '../github/runner-registry.js';
import { jobObject } from '../jobs/job-object.js';
import type { JobAction, WorkflowJob } from '../jobs/workflow-job.js';
import type { HookEvent } from './delivery-log.js';

const installationOf = (names: GitHubNames) => ({
  id: names.installationId,
  node_id: nodeId('I', names.installationId),
});

export const workflowJobEvent = (
  job: WorkflowJob,
  action: JobAction,
  repository: Repository,
  names: GitHubNames,
): Omit<HookEvent, 'guid'> => ({
  event: 'workflow_job',
  action,
  repositoryId: repositoryId(job.repository),
  payload: JSON.stringify({
    action,
    workflow_job: jobObject(job, names),
    repository: repositoryObject(names, repository),
    organization: organizationObject(names),
    sender: senderObject(names),
    installation: installationOf(names),
  }),
});

/** Not an event of GitHub: only sent when the switch `hooks.self_hosted_runner_events` asks for it. */
export const selfHostedRunnerEvent = (
  runner: Runner,
  action: RunnerAction,
  names: GitHubNames,
): Omit<HookEvent, 'guid'> => ({
  event: 'self_hosted_runner',
  action,
  repositoryId: null,
  payload: JSON.stringify({
    action,
    runner: toRunnerObject(runner),
    organization: organizationObject(names),
    sender: senderObject(names),
    installation: installationOf(names),
  }),
});
