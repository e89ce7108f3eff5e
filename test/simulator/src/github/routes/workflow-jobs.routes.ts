import type { JobBoard } from '../../jobs/job-board.js';
import { jobObject } from '../../jobs/job-object.js';
import type { WorkflowJob } from '../../jobs/workflow-job.js';
import type { WorkflowRuns } from '../../jobs/workflow-runs.js';
import type { GitHubNames } from '../accounts.js';
import { notFound } from '../github-error.js';
import { type GitHubRequest, type GitHubRoute, ok } from '../github-route.js';
import { paged } from '../paging.js';
import { runOf } from './workflow-runs.routes.js';

const base = '/repos/:org/:repo/actions';
const docs = '/actions/workflow-jobs';

export interface WorkflowJobParts {
  names: GitHubNames;
  runs: WorkflowRuns;
  jobs: JobBoard;
}

/** Jobs, one by one or of a run. GitHub has no list of all queued jobs of an organisation. */
export function workflowJobRoutes({ names, runs, jobs }: WorkflowJobParts): GitHubRoute[] {
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
      docs: `${docs}#get-a-job-for-a-workflow-run`,
      access: 'installation',
      permission: 'actions=read',
      handle: ({ params }) => {
        const job = jobs.get(Number(params.job_id));
        if (!job || job.repository.toLowerCase() !== params.repo?.toLowerCase()) throw notFound();
        return ok(jobObject(job, names));
      },
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id/jobs`,
      operation: 'actions/list-jobs-for-workflow-run',
      docs: `${docs}#list-jobs-for-a-workflow-run`,
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        const { id } = runOf(request, runs);
        return listed(request, request.query.get('filter') === 'all' ? jobs.ofRun(id) : jobs.latestOf(id));
      },
    },
    {
      method: 'GET',
      path: `${base}/runs/:run_id/attempts/:attempt_number/jobs`,
      operation: 'actions/list-jobs-for-workflow-run-attempt',
      docs: `${docs}#list-jobs-for-a-workflow-run-attempt`,
      access: 'installation',
      permission: 'actions=read',
      handle: (request) => {
        const found = jobs.ofAttempt(runOf(request, runs).id, Number(request.params.attempt_number));
        if (found.length === 0) throw notFound();
        return listed(request, found);
      },
    },
  ];
}
