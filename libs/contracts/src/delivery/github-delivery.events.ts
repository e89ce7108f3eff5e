import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant } from '../message.js';

export const workflowJobAction = z.enum(['queued', 'waiting', 'in_progress', 'completed']);
export type WorkflowJobAction = z.infer<typeof workflowJobAction>;

/**
 * A `workflow_job` delivery cut to the fields we use. "No runner" has three spellings at GitHub (null, 0 with an
 * empty name, keys missing); here it is one: absent.
 */
export const workflowJobDeliverySchema = z.object({
  action: workflowJobAction,
  jobId: z.number().int(),
  runId: z.number().int(),
  runAttempt: z.number().int(),
  repository: z.string(),
  workflowName: z.string().nullable(),
  jobName: z.string(),
  htmlUrl: z.string(),
  labels: z.array(z.string()),
  githubRunnerId: z.number().int().positive().optional(),
  runnerName: z.string().min(1).optional(),
  conclusion: z.string().nullable(),
  createdAt: instant,
  startedAt: instant.optional(),
  completedAt: instant.optional(),
});
export type WorkflowJobDelivery = z.infer<typeof workflowJobDeliverySchema>;

export const githubDeliveryEventSchemas = {
  /** One delivery of GitHub's, recorded before GitHub was told it arrived. */
  WorkflowJobDelivered: z.object({
    guid: z.string(),
    /** SHA-256 of the raw body, hex. */
    bodySha256: z.string().length(64),
    installationId: z.number().int(),
    organization: z.string(),
    workflowJob: workflowJobDeliverySchema,
    receivedAt: instant,
  }),
};

export type GithubDeliveryEvent = EventsOf<typeof githubDeliveryEventSchemas>;
export const githubDeliveryEvent = eventConstructor<GithubDeliveryEvent>();
