import type { WorkflowJob } from '../jobs/workflow-job.js';

/** What a runner is to do; the simulated runner reads its work from these variables. */
export const workVariables = { durationMs: 'simulator.duration_ms', conclusion: 'simulator.conclusion' };

/**
 * The answer to `acquirejob`. Its `SystemVssConnection` carries the job's own token, with which the job
 * is renewed and completed.
 */
export const jobMessage = (job: WorkflowJob, connection: { token: string; url: string }) => ({
  messageType: 'RunnerJobRequest',
  plan: {
    scopeIdentifier: job.plan.planId,
    planType: 'actions',
    version: 0,
    planId: job.plan.planId,
  },
  timeline: { id: job.plan.planId, changeId: 0, location: null },
  jobId: job.plan.jobId,
  jobDisplayName: job.name,
  jobName: job.name,
  requestId: 0,
  lockedUntil: '0001-01-01T00:00:00',
  resources: {
    endpoints: [
      {
        name: 'SystemVssConnection',
        url: connection.url,
        authorization: { scheme: 'OAuth', parameters: { AccessToken: connection.token } },
        data: {},
      },
    ],
  },
  contextData: {},
  variables: {
    'system.github.job': { value: job.name, isSecret: false },
    [workVariables.durationMs]: { value: String(job.work.durationMs), isSecret: false },
    [workVariables.conclusion]: { value: job.work.conclusion, isSecret: false },
  },
  mask: [{ type: 'regex', value: connection.token }],
  steps: [],
  fileTable: [],
  billingOwnerId: 'O_simulated',
  environmentVariables: [],
  defaults: [],
  actionsEnvironment: null,
});
