import type { JobBoard } from '../../jobs/job-board.js';
import { jobObject } from '../../jobs/job-object.js';
import type { WorkflowJob } from '../../jobs/workflow-job.js';
import type { GitHubNames } from '../accounts.js';
import { GitHubError, notFound } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { paged } from '../paging.js';

const base = '/repos/:org/:repo/actions';

export interface WorkflowJobParts {
  names: GitHubNames;
  jobs: JobBoard;
  cancel: (job: WorkflowJob) => void;
}

export function workflowJobRoutes({ names, jobs, cancel }: WorkflowJobParts): GitHubRoute[] {
  const inRepository = (request: GitHubRequest) => (job: WorkflowJob) =>
    job.repository.toLowerCase() === request.params.repo?.toLowerCase();

  const ofRun = (request: GitHubRequest): WorkflowJob[] => {
    const found = jobs.ofRun(Number(request.params.run_id)).filter(inRepository(request));
    if (found.length === 0) throw notFound();
    return found;
  };

  const listed = (request: GitHubRequest, found: WorkflowJob[]) => {
    const { items, headers } = paged(found, request);
    const shown = items.map((job) => jobObject(job, names));
    return ok({ total_count: found.length, jobs: shown }, headers);
  };

  return [
    {
      method: 'GET',
      path: `${base}/jobs/:job_id`,
      operation: 'actions/get-job-for-workflow-run',
      docs: '/actions/workflow-jobs#get-a-job-for-a-workflow-run',
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        const job = jobs.get(Number(request.params.job_id));
        if (!job || !inRepository(request)(job)) throw notFound();
        return ok(jobObject(job, names));
      },
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id/jobs`,
      operation: 'actions/list-jobs-for-workflow-run',
      docs: '/actions/workflow-jobs#list-jobs-for-a-workflow-run',
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => listed(request, ofRun(request)),
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id/attempts/:attempt_number/jobs`,
      operation: 'actions/list-jobs-for-workflow-run-attempt',
      docs: '/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt',
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        const attempt = Number(request.params.attempt_number);
        return listed(
          request,
          ofRun(request).filter((job) => job.runAttempt === attempt),
        );
      },
    },
    {
      method: 'POST',
      path: `${base}/runs/:run_id/cancel`,
      operation: 'actions/cancel-workflow-run',
      docs: '/actions/workflow-runs#cancel-a-workflow-run',
      access: 'installation',
      permission: 'actions=write',
      handle: (request) => {
        const open = ofRun(request).filter(({ status }) => status !== 'completed');
        if (open.length === 0) throw new GitHubError(409, 'Cannot cancel a workflow run that is completed.');
        for (const job of open) cancel(job);
        return { status: 202, body: {} };
      },
    },
  ];
}
