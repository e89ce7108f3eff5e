import { randomInt } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseJson } from '../github/request-body.js';
import type { Runner } from '../github/runner.js';
import type { RunnerRegistry } from '../github/runner-registry.js';
import type { JobBoard } from '../jobs/job-board.js';
import type { WorkflowJob } from '../jobs/workflow-job.js';
import { type RunnerService, SessionConflict } from './runner-service.js';
import type { RunnerSession, RunnerSessions } from './runner-sessions.js';
import type { ServiceTokens } from './service-tokens.js';
import { runnerServicePaths } from './urls.js';

export interface BrokerParts {
  runners: RunnerRegistry;
  sessions: RunnerSessions;
  jobs: JobBoard;
  service: RunnerService;
  tokens: ServiceTokens;
  runServiceUrl: () => string;
  pollMs: () => number;
}

const sessionOrderSchema = z.object({
  ownerName: z.string().default(''),
  agent: z.object({
    id: z.coerce.number(),
    name: z.string(),
    version: z.string().default(''),
    osDescription: z.string().default(''),
  }),
});

const acknowledgementSchema = z.object({ runnerRequestId: z.string() });

type PollRequest = FastifyRequest<{ Querystring: { sessionId?: string; status?: string } }>;

/** Sessions and messages (`ServerUrlV2`): how a runner waits for its job. */
export function serveBroker(http: FastifyInstance, parts: BrokerParts): void {
  const { runners, sessions, jobs, service, tokens } = parts;
  const at = (path: string) => runnerServicePaths.broker + path;

  /** The runner behind a token, or the answer that ends the call. */
  const runnerOf = (request: FastifyRequest, reply: FastifyReply): Runner | undefined => {
    const claims = tokens.read(request.headers.authorization);
    if (!claims?.runner_id) {
      reply.code(401).header('www-authenticate', 'Bearer').send();
      return undefined;
    }
    const runner = runners.get(Number(claims.runner_id));
    if (!runner) refuse(reply, 404, 'RunnerNotFound', 'The runner was removed');
    return runner;
  };

  const sessionOf = (request: PollRequest, reply: FastifyReply, runner: Runner) => {
    const session = sessions.get(request.query.sessionId ?? '');
    if (session?.runnerId === runner.id) return session;
    refuse(reply, 404, 'RunnerSessionInvalid', 'The session does not exist');
    return undefined;
  };

  http.post(at('session'), (request, reply) => {
    const runner = runnerOf(request, reply);
    if (!runner) return reply;
    const { ownerName, agent } = sessionOrderSchema.parse(parseJson(request.body));
    if (agent.id !== runner.id) return refuse(reply, 403, 'AccessDenied', 'This token is of another runner');
    try {
      const about = { version: agent.version, os: osOf(agent.osDescription) };
      const { id } = service.connect(runner, ownerName, about);
      return reply.code(201).send({ sessionId: id, ownerName, agent, assignmentQueued: false });
    } catch (error) {
      if (!(error instanceof SessionConflict)) throw error;
      return refuse(reply, 409, 'SessionConflict', `The runner ${runner.name} already has an active session`);
    }
  });

  http.delete(at('session'), (request, reply) => {
    const claims = tokens.read(request.headers.authorization);
    const session = claims && sessions.ofRunner(Number(claims.runner_id));
    // The usual end of an ephemeral runner: its registration is gone before it says goodbye.
    if (!session) return reply.code(401).send();
    service.disconnect(session);
    return reply.code(204).send();
  });

  http.get(at('message'), async (request: PollRequest, reply) => {
    const hungUp = new AbortController();
    reply.raw.once('close', () => hungUp.abort());
    const deadline = Date.now() + parts.pollMs();
    for (;;) {
      const runner = runnerOf(request, reply);
      const session = runner && sessionOf(request, reply, runner);
      if (!runner || !session) return reply;
      sessions.seen(session);
      if (request.query.status !== 'Busy') service.offerSomething(runner);
      const message = nextMessage(session, reply);
      if (message) return reply.send(message);
      if (Date.now() >= deadline) return reply.code(202).send();
      const goOn = await sessions.rest(session, deadline - Date.now(), hungUp.signal);
      if (!goOn) return reply.code(202).send();
    }
  });

  http.post(at('acknowledge'), (request: PollRequest, reply) => {
    const runner = runnerOf(request, reply);
    const session = runner && sessionOf(request, reply, runner);
    if (!runner || !session) return reply;
    const { runnerRequestId } = acknowledgementSchema.parse(parseJson(request.body));
    const job = jobs.findByRequest(runnerRequestId);
    if (job?.offer?.runnerId !== runner.id) {
      return refuse(reply, 404, 'AcknowledgeJobNotFound', 'The job is not offered to this runner');
    }
    jobs.acknowledge(job);
    return reply.code(204).send();
  });

  /** A job stays on offer until acknowledged or acquired; a cancellation until it has gone out whole. */
  function nextMessage(session: RunnerSession, reply: FastifyReply) {
    const job = jobs.ofRunner(session.runnerId);
    if (job?.offer && !job.offer.acknowledged) return jobRequest(job);
    if (job?.cancellation === 'requested') {
      reply.raw.once('finish', () => jobs.cancellationDelivered(job));
      return envelope('JobCancellation', { jobId: job.plan.jobId, timeout: '00:05:00' });
    }
    return undefined;
  }

  const jobRequest = (job: WorkflowJob) =>
    envelope('RunnerJobRequest', {
      id: String(job.id),
      runner_request_id: job.plan.requestId,
      run_service_url: parts.runServiceUrl(),
      billing_owner_id: 'O_simulated',
      should_acknowledge: true,
    });
}

/** `messageId` says nothing: any number, also negative. */
const envelope = (messageType: string, body: unknown) => ({
  messageId: randomInt(-(2 ** 47) + 1, 2 ** 47 - 1),
  messageType,
  body: JSON.stringify(body),
});

const refuse = (reply: FastifyReply, statusCode: number, errorKind: string, errorMessage: string) =>
  reply.code(statusCode).send({ source: 'actions-broker-listener', errorKind, statusCode, errorMessage });

function osOf(description: string): string {
  const known = /linux|darwin|macos|windows/i.exec(description)?.[0]?.toLowerCase();
  return known === 'darwin' ? 'macos' : (known ?? 'unknown');
}
