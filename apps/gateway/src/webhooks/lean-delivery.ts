import { z } from 'zod';
import { type WorkflowJobDelivery, workflowJobAction } from '#libs/contracts';
import type { OfNoUse } from './delivery-metrics.js';
import { isHostedJob } from './hosted-job.js';

/** GitHub's times come with `Z` or an offset; ours always with `Z`. */
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString());

/** Half surrogates and control characters cannot be stored everywhere; a name is no worse without them. */
const text = z.string().transform((value) => value.toWellFormed().replace(/\p{Cc}/gu, '\ufffd'));

/**
 * A `workflow_job` delivery as far as we read it. Lenient on purpose: fields come and go over GitHub's years, and
 * "no runner" is written as null, as 0 with an empty name, or by leaving the keys out.
 */
const workflowJobPayload = z.object({
  action: workflowJobAction,
  installation: z.object({ id: z.number().int() }),
  organization: z.object({ login: text }),
  repository: z.object({ full_name: text }),
  workflow_job: z.object({
    id: z.number().int(),
    run_id: z.number().int(),
    run_attempt: z.number().int().default(1),
    workflow_name: text.nullable().default(null),
    name: text,
    html_url: text,
    labels: z.array(text).default([]),
    runner_id: z.number().int().nullish(),
    runner_name: text.nullish(),
    runner_group_name: text.nullish(),
    conclusion: text.nullable().default(null),
    created_at: time.optional(),
    started_at: time.nullish(),
    completed_at: time.nullish(),
  }),
});

export type LeanDelivery = { installationId: number; organization: string; workflowJob: WorkflowJobDelivery };

/** Whose deliveries are read; absent: everybody's. */
export type Ours = { installationId?: number | undefined };

/** The fields we use, or why the delivery is of no use. `receivedAt` fills a missing creation. */
export const leanDelivery = (
  payload: unknown,
  receivedAt: string,
  ours: Ours,
): LeanDelivery | Extract<OfNoUse, 'unreadable' | 'foreign' | 'hosted'> => {
  const parsed = workflowJobPayload.safeParse(payload);
  if (!parsed.success) return 'unreadable';
  const { action, installation, organization, repository, workflow_job: job } = parsed.data;
  if (ours.installationId !== undefined && installation.id !== ours.installationId) return 'foreign';
  const { labels, runner_name, runner_group_name } = job;
  const where = { labels, runnerName: runner_name ?? undefined, runnerGroupName: runner_group_name };
  if (isHostedJob(where)) return 'hosted';
  return {
    installationId: installation.id,
    organization: organization.login,
    workflowJob: {
      action,
      jobId: job.id,
      runId: job.run_id,
      runAttempt: job.run_attempt,
      repository: repository.full_name,
      workflowName: job.workflow_name,
      jobName: job.name,
      htmlUrl: job.html_url,
      labels: job.labels,
      conclusion: job.conclusion,
      createdAt: job.created_at ?? job.started_at ?? receivedAt,
      ...(job.runner_id && job.runner_id > 0 ? { githubRunnerId: job.runner_id } : {}),
      ...(job.runner_name ? { runnerName: job.runner_name } : {}),
      ...(job.started_at ? { startedAt: job.started_at } : {}),
      ...(job.completed_at ? { completedAt: job.completed_at } : {}),
    },
  };
};
