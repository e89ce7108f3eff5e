import { type GitHubNames, nodeId } from '../github/accounts.js';
import {
  organizationObject,
  type Repository,
  repositoryId,
  repositoryObject,
  senderObject,
} from '../github/repository.js';
import { runObject, workflowObject } from '../jobs/run-object.js';
import type { RunAction, RunState, WorkflowRun } from '../jobs/workflow-run.js';
import type { HookEvent } from './delivery-log.js';

/** Only sent when the switch `hooks.workflow_run_events` subscribes the App to it. */
export const workflowRunEvent = (
  run: WorkflowRun,
  action: RunAction,
  state: RunState,
  repository: Repository,
  names: GitHubNames,
): Omit<HookEvent, 'guid'> => ({
  event: 'workflow_run',
  action,
  repositoryId: repositoryId(run.repository),
  payload: JSON.stringify({
    action,
    workflow_run: runObject(run, state, run.attempt, repository, names),
    workflow: workflowObject(run, names),
    repository: repositoryObject(names, repository),
    organization: organizationObject(names),
    sender: senderObject(names),
    installation: { id: names.installationId, node_id: nodeId('I', names.installationId) },
  }),
});
