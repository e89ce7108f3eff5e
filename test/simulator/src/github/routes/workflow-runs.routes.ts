import type { JobBoard } from '../../jobs/job-board.js';
import { runObject } from '../../jobs/run-object.js';
import type { WorkflowJob } from '../../jobs/workflow-job.js';
import type { WorkflowRun } from '../../jobs/workflow-run.js';
import { RunStillGoing, type WorkflowRuns } from '../../jobs/workflow-runs.js';
import type { GitHubNames } from '../accounts.js';
import { GitHubError, notFound } from '../github-error.js';
import { created, type GitHubAnswer, type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { paged } from '../paging.js';
import type { Repositories } from '../repositories.js';

const base = '/repos/:org/:repo/actions';
const docs = '/actions/workflow-runs';

export interface WorkflowRunParts {
  names: GitHubNames;
  runs: WorkflowRuns;
  jobs: JobBoard;
  repositories: Repositories;
  cancel: (job: WorkflowJob) => void;
  /** Ends a job at once, whatever its runner does. */
  forceCancel: (job: WorkflowJob) => void;
}

/** Workflow runs: looked at, cancelled, run again. */
export function workflowRunRoutes(parts: WorkflowRunParts): GitHubRoute[] {
  const { names, runs, jobs, repositories } = parts;

  const shown = (run: WorkflowRun, attempt = run.attempt) =>
    runObject(run, runs.stateOf(run, attempt), attempt, repositories.ensure(run.repository), names);

  const cancelled = (request: GitHubRequest, cancel: (job: WorkflowJob) => void): GitHubAnswer => {
    const run = runOf(request, runs);
    if (runs.stateOf(run).status === 'completed') {
      throw new GitHubError(409, 'Cannot cancel a workflow run that is completed.');
    }
    for (const job of jobs.ofAttempt(run.id, run.attempt)) if (job.status !== 'completed') cancel(job);
    return { status: 202, body: {} };
  };

  const again = (run: WorkflowRun, fits: (job: WorkflowJob) => boolean): GitHubAnswer => {
    try {
      runs.rerun(run, fits);
      return created({});
    } catch (error) {
      if (!(error instanceof RunStillGoing)) throw error;
      throw new GitHubError(403, 'This workflow is already running');
    }
  };

  return [
    {
      method: 'GET',
      path: `${base}/runs`,
      operation: 'actions/list-workflow-runs-for-repo',
      docs: `${docs}#list-workflow-runs-for-a-repository`,
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        if (!repositories.find(request.params.repo ?? '')) throw notFound();
        const wanted = request.query.get('status');
        const found = runs.all().filter((run) => {
          if (run.repository.toLowerCase() !== request.params.repo?.toLowerCase()) return false;
          const { status, conclusion } = runs.stateOf(run);
          // The filter takes a status or a conclusion.
          return wanted === null || wanted === status || wanted === conclusion;
        });
        const { items, headers } = paged(found.reverse(), request);
        const workflow_runs = items.map((run) => shown(run));
        return ok({ total_count: found.length, workflow_runs }, headers);
      },
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id`,
      operation: 'actions/get-workflow-run',
      docs: `${docs}#get-a-workflow-run`,
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => ok(shown(runOf(request, runs))),
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id/attempts/:attempt_number`,
      operation: 'actions/get-workflow-run-attempt',
      docs: `${docs}#get-a-workflow-run-attempt`,
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        const run = runOf(request, runs);
        const attempt = Number(request.params.attempt_number);
        if (!(attempt >= 1 && attempt <= run.attempt)) throw notFound();
        return ok(shown(run, attempt));
      },
    },
    {
      method: 'POST',
      path: `${base}/runs/:run_id/cancel`,
      operation: 'actions/cancel-workflow-run',
      docs: `${docs}#cancel-a-workflow-run`,
      access: 'installation',
      permission: 'actions=write',
      handle: (request) => cancelled(request, parts.cancel),
    },
    {
      method: 'POST',
      path: `${base}/runs/:run_id/force-cancel`,
      operation: 'actions/force-cancel-workflow-run',
      docs: `${docs}#force-cancel-a-workflow-run`,
      access: 'installation',
      permission: 'actions=write',
      handle: (request) => cancelled(request, parts.forceCancel),
    },
    {
      method: 'POST',
      path: `${base}/runs/:run_id/rerun`,
      operation: 'actions/re-run-workflow',
      docs: `${docs}#re-run-a-workflow`,
      access: 'installation',
      permission: 'actions=write',
      handle: (request) => again(runOf(request, runs), () => true),
    },
    {
      method: 'POST',
      path: `${base}/runs/:run_id/rerun-failed-jobs`,
      operation: 'actions/re-run-workflow-failed-jobs',
      docs: `${docs}#re-run-failed-jobs-from-a-workflow-run`,
      access: 'installation',
      permission: 'actions=write',
      handle: (request) =>
        again(
          runOf(request, runs),
          ({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled',
        ),
    },
    {
      method: 'POST',
      path: `${base}/jobs/:job_id/rerun`,
      operation: 'actions/re-run-job-for-workflow-run',
      docs: `${docs}#re-run-a-job-from-a-workflow-run`,
      access: 'installation',
      permission: 'actions=write',
      handle: (request) => {
        const job = jobs.get(Number(request.params.job_id));
        const run = job && runs.get(job.runId);
        if (!run || !isIn(request, run)) throw notFound();
        return again(run, ({ id }) => id === job.id);
      },
    },
  ];
}

/** @throws GitHubError 404 */
export function runOf(request: GitHubRequest, runs: WorkflowRuns): WorkflowRun {
  const run = runs.get(Number(request.params.run_id));
  if (!run || !isIn(request, run)) throw notFound();
  return run;
}

const isIn = ({ params }: GitHubRequest, { repository }: WorkflowRun): boolean =>
  repository.toLowerCase() === params.repo?.toLowerCase();
