import { workVariables } from '../runner-service/job-message.js';
import type { AccessToken } from './access-token.js';
import { type Answer, request } from './request.js';

export type ReportedConclusion = 'succeeded' | 'failed' | 'canceled';

/** A job this runner holds: what to do, and where to report. */
export interface AcquiredJob {
  planId: string;
  jobId: string;
  displayName: string;
  durationMs: number;
  conclusion: ReportedConclusion;
  /** `SystemVssConnection`: address and the token of this one job. */
  connection: { url: string; token: string };
}

const conclusions: Record<string, ReportedConclusion> = { failure: 'failed', cancelled: 'canceled' };

/** Undefined: the job is gone or somebody else has it. */
export async function acquireJob(
  runServiceUrl: string,
  runnerRequestId: string,
  token: AccessToken,
): Promise<AcquiredJob | undefined> {
  const { status, body } = await request(new URL('acquirejob', runServiceUrl), {
    method: 'POST',
    headers: { authorization: `Bearer ${await token.get()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ jobMessageId: runnerRequestId, runnerOS: 'Linux', billingOwnerId: '' }),
  });
  return status === 200 ? jobFrom(body) : undefined;
}

/** False when the job is over for GitHub. */
export async function renewJob(job: AcquiredJob): Promise<boolean> {
  const { status } = await report(job, 'renewjob', {});
  return status === 200;
}

export async function completeJob(job: AcquiredJob, conclusion: ReportedConclusion): Promise<boolean> {
  const { status } = await report(job, 'completejob', {
    conclusion,
    outputs: {},
    stepResults: [],
    annotations: [],
    telemetry: [],
  });
  return status === 204;
}

const report = (job: AcquiredJob, path: string, more: object): Promise<Answer> =>
  request(new URL(path, job.connection.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${job.connection.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ planId: job.planId, jobId: job.jobId, ...more }),
  });

interface JobMessage {
  plan: { planId: string };
  jobId: string;
  jobDisplayName: string;
  resources: {
    endpoints: { name: string; url: string; authorization: { parameters: { AccessToken: string } } }[];
  };
  variables: Record<string, { value: string } | undefined>;
}

function jobFrom(body: Answer['body']): AcquiredJob | undefined {
  const message = body as unknown as JobMessage;
  const endpoint = message.resources.endpoints.find(({ name }) => name === 'SystemVssConnection');
  if (!endpoint) return undefined;
  const wanted = message.variables[workVariables.conclusion]?.value ?? 'success';
  return {
    planId: message.plan.planId,
    jobId: message.jobId,
    displayName: message.jobDisplayName,
    durationMs: Number(message.variables[workVariables.durationMs]?.value ?? 0),
    conclusion: conclusions[wanted] ?? 'succeeded',
    connection: { url: endpoint.url, token: endpoint.authorization.parameters.AccessToken },
  };
}
