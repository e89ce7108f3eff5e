import { toSecondsIso } from '../clock.js';
import { type GitHubNames, nodeId } from '../github/accounts.js';
import type { WorkflowJob } from './workflow-job.js';

type StepStatus = 'queued' | 'in_progress' | 'completed';

/** The job object of REST and of webhooks, which is the same. */
export function jobObject(job: WorkflowJob, names: GitHubNames) {
  const repository = `${names.org}/${job.repository}`;
  const api = `${names.apiUrl()}/repos/${repository}`;
  return {
    id: job.id,
    run_id: job.runId,
    workflow_name: job.workflowName,
    head_branch: job.headBranch,
    run_url: `${api}/actions/runs/${job.runId}`,
    run_attempt: job.runAttempt,
    node_id: nodeId('CR', job.id),
    head_sha: job.headSha,
    url: `${api}/actions/jobs/${job.id}`,
    html_url: `${names.baseUrl()}/${repository}/actions/runs/${job.runId}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: toSecondsIso(job.createdAt),
    started_at: toSecondsIso(job.startedAt),
    completed_at: job.completedAt === null ? null : toSecondsIso(job.completedAt),
    name: job.name,
    steps: stepsOf(job),
    check_run_url: `${api}/check-runs/${job.id}`,
    labels: job.labels,
    ...runnerOf(job),
  };
}

/** A job that ended without a runner says 0 and empty text where a waiting one says null. */
function runnerOf({ runner, status }: WorkflowJob) {
  if (runner) {
    return {
      runner_id: runner.id,
      runner_name: runner.name,
      runner_group_id: runner.groupId,
      runner_group_name: runner.groupName,
    };
  }
  return status === 'completed'
    ? { runner_id: 0, runner_name: '', runner_group_id: 0, runner_group_name: '' }
    : { runner_id: null, runner_name: null, runner_group_id: null, runner_group_name: null };
}

function stepsOf(job: WorkflowJob) {
  if (!job.runner) return [];
  const started = toSecondsIso(job.startedAt);
  const ended = job.completedAt === null ? null : toSecondsIso(job.completedAt);
  const step = (name: string, number: number, status: StepStatus, conclusion: string | null) => ({
    name,
    status,
    conclusion,
    number,
    started_at: status === 'queued' ? null : started,
    completed_at: status === 'completed' ? ended : null,
  });
  if (job.status === 'in_progress') return [step('Set up job', 1, 'in_progress', null)];
  return [
    step('Set up job', 1, 'completed', 'success'),
    step(`Run ${job.name}`, 2, 'completed', job.conclusion),
    step('Complete job', 3, 'completed', 'success'),
  ];
}
