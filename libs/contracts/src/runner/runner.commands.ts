import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { labelNames, provisioningMethod } from './runner.events.js';

/** A runner's name as GitHub takes it. */
export const runnerName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    'must be 1 to 64 characters of A-Z a-z 0-9 . _ - and begin with a letter or digit',
  );

/** What a caller asks for; labels trimmed, lower-cased, without repeats. */
export const provisionRunnerSchema = z.object({
  runnerId: uuid,
  provisioningMethod,
  /** Either the whole name … */
  runnerName: runnerName.optional(),
  /** … or its beginning, to which `-` and six characters are added. */
  runnerNamePrefix: z.string().optional(),
  labels: labelNames,
  runnerGroupId: z.number().int().optional(),
  workFolder: z.string().default('_work'),
  teamId: uuid.optional(),
  ephemeral: z.boolean().default(true),
  disableUpdate: z.boolean().default(false),
  /** Of the caller's: the same key and request are the same runner. */
  idempotencyKey: z.string().optional(),
});
export type ProvisionRunner = z.infer<typeof provisionRunnerSchema>;

/** `secret` fields travel in this reply and are written down nowhere. */
export const runnerProvisionedSchema = z.object({
  runnerId: uuid,
  runnerName: z.string(),
  labels: labelNames,
  runnerGroupId: z.number().int(),
  ephemeral: z.boolean(),
  disableUpdate: z.boolean(),
  githubUrl: z.string(),
  expiresAt: instant,
  position: z.string(),
  /** An earlier request with the same idempotency key made this runner. */
  replayed: z.boolean().optional(),
  secret: z.union([z.object({ encodedJitConfig: z.string() }), z.object({ registrationToken: z.string() })]),
});
export type RunnerProvisioned = z.infer<typeof runnerProvisionedSchema>;

/** A runner by id or, newest first, by name. */
export const runnerReference = z.object({ runner: z.string().min(1) });

/** Fresh tokens for a runner that was provisioned with one; `secret` as above. */
export const registrationTokenRenewedSchema = z.object({
  runnerId: uuid,
  /** When the earlier of the two ends. */
  expiresAt: instant,
  position: z.string(),
  secret: z.object({ registrationToken: z.string(), removalToken: z.string() }),
});
export type RegistrationTokenRenewed = z.infer<typeof registrationTokenRenewedSchema>;

export const deprovisionRunnerSchema = runnerReference.extend({
  /** The workflow run of a job that is running is cancelled first. */
  cancelJob: z.boolean().optional(),
});

export const runnerDeprovisionedSchema = z.object({
  runnerId: uuid,
  runnerName: z.string(),
  /** False while GitHub has not confirmed. */
  confirmed: z.boolean(),
  position: z.string(),
});
export type RunnerDeprovisioned = z.infer<typeof runnerDeprovisionedSchema>;

export const refreshedSchema = z.object({ runnerId: uuid, position: z.string() });

/** The caller of a provisioning was gone before the answer reached it. */
export const abandonRunnerSchema = z.object({ runnerId: uuid });

/** What sync saw at GitHub. `absent` = a lookup by id said 404. */
export const recordObservationSchema = z.object({
  runnerId: uuid,
  observation: z.discriminatedUnion('status', [
    z.object({
      status: z.enum(['online', 'offline']),
      githubRunnerId: z.number().int(),
      busy: z.boolean(),
      labels: labelNames,
    }),
    z.object({ status: z.literal('absent') }),
  ]),
  seenAt: instant,
  /** Of the lease under which it was seen; what an older one than the current saw is stale. */
  term: z.number().int().positive().optional(),
});
export type RecordObservation = z.infer<typeof recordObservationSchema>;

export const recordWorkflowJobSchema = z.object({
  runnerId: uuid,
  githubRunnerId: z.number().int().optional(),
  stage: z.enum(['in_progress', 'completed']),
  job: z.object({
    jobId: z.number().int(),
    runId: z.number().int(),
    runAttempt: z.number().int(),
    repository: z.string(),
    workflowName: z.string().nullable(),
    jobName: z.string(),
    htmlUrl: z.string(),
  }),
  conclusion: z.string().nullable(),
  queuedAt: instant,
  startedAt: instant,
  completedAt: instant.optional(),
  /** Id of the delivery event: the cause of what is recorded. */
  causationId: z.string(),
});
export type RecordWorkflowJob = z.infer<typeof recordWorkflowJobSchema>;

/** Look after whatever may have been left open: an unanswered request, a deletion GitHub has not confirmed, … */
export const settleRunnerSchema = z.object({
  runnerId: uuid,
  /** Known when a name or a slot was taken and no runner stream exists. */
  runnerName: z.string().optional(),
  teamId: uuid.optional(),
  /** GitHub's list shows it offline, minutes after its end. */
  stillAtGithub: z.boolean().optional(),
});
export type SettleRunner = z.infer<typeof settleRunnerSchema>;

/** Answer to a command that only says how far the log has got. */
export const recordedSchema = z.object({
  /** How many events were new. */
  recorded: z.number().int(),
  position: z.string().optional(),
});
