import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { GitHubError } from '../github/github-error.js';
import { parseJson } from '../github/request-body.js';
import { jobObject } from '../jobs/job-object.js';
import type { Simulated } from '../simulated.js';
import { milliseconds } from './ranges.js';

const jobOrderSchema = z.strictObject({
  labels: z.array(z.string()),
  /** Name without the organisation. */
  repository: z
    .string()
    .regex(/^[\w.-]+$/)
    .default('demo'),
  workflow_name: z.string().default('CI'),
  job_name: z.string().default('build'),
  /** How long the runner works; default: the switch `job.duration_ms`. */
  duration_ms: milliseconds.optional(),
  /** How the job ends; `skipped` ends it at once, without a runner. */
  conclusion: z.enum(['success', 'failure', 'cancelled', 'skipped']).optional(),
  /** Adds the job to this run, whose repository and workflow it then has; default: a run of its own. */
  run_id: z.number().int().optional(),
  /** Name of the runner group `runs-on` asks for. */
  runner_group: z.string().nullable().default(null),
});

/** Queues jobs, as a push to a repository would. */
export function serveJobAdmin(
  http: FastifyInstance,
  { jobs, runs, repositories, service, switches, names }: Simulated,
): void {
  http.post('/_simulator/jobs', ({ body }, reply) => {
    const order = jobOrderSchema.parse(parseJson(body));
    const run =
      order.run_id === undefined
        ? runs.start({
            repository: repositories.ensure(order.repository).name,
            workflowName: order.workflow_name,
            event: 'push',
          })
        : runs.get(order.run_id);
    if (!run) throw new GitHubError(404, `no run ${order.run_id}`);
    const job = jobs.queue({
      run,
      labels: order.labels,
      runnerGroup: order.runner_group,
      name: order.job_name,
      durationMs: order.duration_ms ?? switches.values.job.duration_ms,
      conclusion: order.conclusion ?? switches.values.job.conclusion,
    });
    return reply.code(201).send(jobObject(job, names));
  });

  http.get<{ Params: { id: string } }>('/_simulator/jobs/:id', ({ params }) =>
    jobObject(jobById(params.id), names),
  );

  http.post<{ Params: { id: string } }>('/_simulator/jobs/:id/cancel', ({ params }, reply) => {
    service.cancel(jobById(params.id));
    return reply.code(202).send({});
  });

  function jobById(id: string) {
    const job = jobs.get(Number(id));
    if (!job) throw new GitHubError(404, `no job ${id}`);
    return job;
  }
}
