import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../clock.js';
import { parseJson } from '../github/request-body.js';
import type { RunnerRegistry } from '../github/runner-registry.js';
import type { JobBoard } from '../jobs/job-board.js';
import type { JobConclusion, WorkflowJob } from '../jobs/workflow-job.js';
import { jobMessage } from './job-message.js';
import type { RunnerService } from './runner-service.js';
import type { ServiceTokens } from './service-tokens.js';
import { runnerServicePaths } from './urls.js';

export interface RunServiceParts {
  runners: RunnerRegistry;
  jobs: JobBoard;
  service: RunnerService;
  tokens: ServiceTokens;
  clock: Clock;
  runServiceUrl: () => string;
  lockMs: () => number;
}

/** A job may run for five days. */
const jobTokenSeconds = 5 * 86_400;

const acquireSchema = z.object({ jobMessageId: z.string() });
const renewSchema = z.object({ planId: z.string(), jobId: z.string() });
const completeSchema = renewSchema.extend({
  conclusion: z.enum(['succeeded', 'succeededWithIssues', 'failed', 'canceled', 'skipped', 'abandoned']),
});

const conclusions: Record<z.infer<typeof completeSchema>['conclusion'], JobConclusion> = {
  succeeded: 'success',
  succeededWithIssues: 'success',
  failed: 'failure',
  abandoned: 'failure',
  canceled: 'cancelled',
  skipped: 'skipped',
};

/** Acquire, renew and complete a job (`run_service_url`). */
export function serveRunService(http: FastifyInstance, parts: RunServiceParts): void {
  const { runners, jobs, service, tokens, clock } = parts;
  const at = (path: string) => runnerServicePaths.runService + path;

  http.post(at('acquirejob'), (request, reply) => {
    const claims = tokens.read(request.headers.authorization);
    const runner = claims && runners.get(Number(claims.runner_id));
    if (!runner) return reply.code(401).send();
    const job = jobs.findByRequest(acquireSchema.parse(parseJson(request.body)).jobMessageId);
    if (!job || job.status === 'completed') return refuse(reply, 404, 'Job not found');
    if (job.offer?.runnerId !== runner.id) return refuse(reply, 409, 'Job is already assigned');
    const started = service.acquire(job, runner);
    const token = tokens.mint({ job_id: String(job.id) }, jobTokenSeconds);
    return reply.send(jobMessage(started, { token, url: parts.runServiceUrl() }));
  });

  http.post(at('renewjob'), (request, reply) => {
    const { planId, jobId } = renewSchema.parse(parseJson(request.body));
    const job = jobOf(request, reply, planId, jobId);
    if (!job) return reply;
    jobs.renew(job, parts.lockMs());
    return reply.send({ lockedUntil: new Date(clock.ms() + parts.lockMs()).toISOString() });
  });

  http.post(at('completejob'), (request, reply) => {
    const { planId, jobId, conclusion } = completeSchema.parse(parseJson(request.body));
    const job = jobOf(request, reply, planId, jobId);
    if (!job) return reply;
    service.complete(job, conclusions[conclusion]);
    return reply.code(204).send();
  });

  /** The running job a token was made for, or the answer that ends the call. */
  function jobOf(
    request: FastifyRequest,
    reply: FastifyReply,
    planId: string,
    jobId: string,
  ): WorkflowJob | undefined {
    const claims = tokens.read(request.headers.authorization);
    const job = claims && jobs.get(Number(claims.job_id));
    if (!job) {
      reply.code(401).send();
      return undefined;
    }
    if (job.plan.planId === planId && job.plan.jobId === jobId && job.status === 'in_progress') return job;
    refuse(reply, 404, 'Job not found');
    return undefined;
  }
}

const refuse = (reply: FastifyReply, statusCode: number, errorMessage: string) =>
  reply.code(statusCode).send({ source: 'actions-run-service', statusCode, errorMessage });
