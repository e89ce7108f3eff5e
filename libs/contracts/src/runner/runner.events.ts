import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** Where a runner is registered. Repositories and enterprises may join later. */
export const scopeSchema = z.object({ kind: z.literal('org'), login: z.string().min(1) });
export type Scope = z.infer<typeof scopeSchema>;

/** Lower-case label names, in the order asked, without repeats. */
export const labelNames = z.array(z.string());

export const provisioningMethod = z.enum(['jit', 'registration_token']);
export type ProvisioningMethod = z.infer<typeof provisioningMethod>;

export const deletionReason = z.enum([
  'job-completed',
  'deprovisioned',
  'never-connected',
  'label-drift',
  'stale',
  'vanished',
  'provisioning-failed',
  'team-suspended',
]);
export type DeletionReason = z.infer<typeof deletionReason>;

/** GitHub's workflow job, cut to what a person needs to find it again. */
export const workflowJobSchema = z.object({
  /** GitHub's job id; unique per attempt. */
  jobId: z.number().int(),
  runId: z.number().int(),
  runAttempt: z.number().int(),
  /** `owner/name`. */
  repository: z.string(),
  workflowName: z.string().nullable(),
  jobName: z.string(),
  htmlUrl: z.string(),
});
export type WorkflowJob = z.infer<typeof workflowJobSchema>;

/** `alert`: reported and nothing else. */
export const labelDriftAction = z.enum(['remove', 'alert']);
export type LabelDriftAction = z.infer<typeof labelDriftAction>;

/** Whom a record of a runner's belongs to, for readers who do not know the runner. */
const whose = { runnerName: z.string(), teamId: uuid.optional() };

/** What every fact about a runner carries. */
const runnerFact = z.object({ runnerId: uuid, scope: scopeSchema, installationId: z.number().int() });
export type RunnerFact = z.infer<typeof runnerFact>;

/** Of the lease under which it was seen; absent when nobody polled: a webhook or a person was the reason. */
const term = z.number().int().positive().optional();

export const runnerEventSchemas = {
  /** Everything was in order; GitHub is asked next. Open until one of the outcomes below follows. */
  RunnerProvisioningRequested: runnerFact.extend({
    runnerName: z.string(),
    provisioningMethod,
    labels: labelNames,
    runnerGroupId: z.number().int(),
    workFolder: z.string(),
    ephemeral: z.boolean(),
    disableUpdate: z.boolean(),
    teamId: uuid.optional(),
    provisionedBy: uuid,
    /** Hex; present when the caller sent an idempotency key. */
    idempotencyKeySha256: z.string().length(64).optional(),
    requestedAt: instant,
  }),
  RunnerJitConfigIssued: runnerFact.extend({
    githubRunnerId: z.number().int(),
    /** As GitHub returned them. */
    labels: labelNames,
    /** Hex; the config itself is nowhere but in the reply. */
    jitConfigSha256: z.string().length(64),
    /** Our own limit: the runner must have connected by then. */
    expiresAt: instant,
    issuedAt: instant,
  }),
  /** With the provisioning, and again whenever the runner's host asks for fresh tokens. */
  RunnerRegistrationTokenIssued: runnerFact.extend({
    registrationTokenSha256: z.string().length(64),
    /** Hex; of the token with which the host deregisters; absent: none was handed out with it. */
    removalTokenSha256: z.string().length(64).optional(),
    /** GitHub's limit of the token, one hour; of two tokens the earlier. */
    expiresAt: instant,
    issuedAt: instant,
  }),
  /** GitHub gave no fresh tokens; nothing was handed out and the runner is what it was. Once per reason and minute. */
  RunnerRegistrationTokenFailed: runnerFact.extend({
    /** Problem code. */
    reason: z.string(),
    failedAt: instant,
  }),
  RunnerProvisioningFailed: runnerFact.extend({
    /** Problem code, or `abandoned` when whoever asked GitHub was never heard of again. */
    reason: z.string(),
    failedAt: instant,
  }),
  /** Name or slot were taken for a runner that was then never requested; closes the stream to a late request. */
  RunnerProvisioningAbandoned: runnerFact.extend({ abandonedAt: instant }),
  /** A runner with a registration token turned up at GitHub and was recognised. */
  RunnerRegistered: runnerFact.extend({
    githubRunnerId: z.number().int(),
    labels: labelNames,
    registeredAt: instant,
  }),
  RunnerCameOnline: runnerFact.extend({ busy: z.boolean(), seenAt: instant, term }),
  RunnerWentOffline: runnerFact.extend({ seenAt: instant, term }),
  /** GitHub said busy and no webhook has told of the job. */
  RunnerBecameBusy: runnerFact.extend({ seenAt: instant, term }),
  RunnerBecameIdle: runnerFact.extend({ seenAt: instant, term }),
  RunnerStartedWorkflowJob: runnerFact.extend({
    job: workflowJobSchema,
    queuedAt: instant,
    startedAt: instant,
  }),
  RunnerCompletedWorkflowJob: runnerFact.extend({
    job: workflowJobSchema,
    /** GitHub's word: success, failure, cancelled, … */
    conclusion: z.string().nullable(),
    startedAt: instant,
    completedAt: instant,
  }),
  /** GitHub shows other labels than were asked for; once per different set. Labels GitHub adds itself do not count. */
  RunnerLabelsDrifted: runnerFact.extend({
    ...whose,
    expected: labelNames,
    /** All that GitHub shows, its own labels included. */
    observed: labelNames,
    missing: labelNames,
    unexpected: labelNames,
    action: labelDriftAction,
    /** A busy runner is not removed before its job has ended, unless its workflow run may be cancelled. */
    busy: z.boolean(),
    seenAt: instant,
  }),
  /** The labels are what was asked for again. */
  RunnerLabelDriftResolved: runnerFact.extend({ labels: labelNames, seenAt: instant }),
  /** Another machine has registered with the token that was handed out for this runner; once per machine. */
  RunnerSurplusMachineSeen: runnerFact.extend({
    ...whose,
    githubRunnerId: z.number().int(),
    surplusName: z.string(),
    labels: labelNames,
    action: labelDriftAction,
    seenAt: instant,
  }),
  RunnerSurplusMachineRemoved: runnerFact.extend({
    githubRunnerId: z.number().int(),
    removedAt: instant,
  }),
  /** A job runs on a runner whose labels the policy of today does not permit; once per job. */
  RunnerWorkflowJobOutsidePolicy: runnerFact.extend({
    ...whose,
    job: workflowJobSchema,
    refusedLabels: labelNames,
    /** `run-cancelled`: the cancellation is asked for in the same breath. */
    action: z.enum(['reported', 'run-cancelled']),
    seenAt: instant,
  }),
  /** Open until one of the two below follows, or the job has ended. */
  RunnerWorkflowRunCancellationRequested: runnerFact.extend({
    job: workflowJobSchema,
    reason: z.enum(['deprovisioned', 'label-drift', 'label-policy']),
    requestedAt: instant,
  }),
  /** GitHub took it; the job may go on for minutes. */
  RunnerWorkflowRunCancelled: runnerFact.extend({ job: workflowJobSchema, cancelledAt: instant }),
  /** GitHub refused for good. */
  RunnerWorkflowRunCancellationFailed: runnerFact.extend({
    job: workflowJobSchema,
    /** Problem code. */
    reason: z.string(),
    failedAt: instant,
  }),
  /** Somebody asked for a look at GitHub and got one. */
  RunnerRefreshed: runnerFact.extend({ refreshedAt: instant }),
  RunnerDeprovisioningRequested: runnerFact.extend({
    reason: deletionReason,
    /** A running job delays the deletion instead of refusing it. */
    untilConfirmed: z.boolean().optional(),
    /** The workflow run of a job that is running is cancelled first. */
    cancelJob: z.boolean().optional(),
    requestedAt: instant,
  }),
  /** GitHub refused for good (a busy runner, say): the runner lives on. */
  RunnerDeprovisioningFailed: runnerFact.extend({ reason: z.string(), failedAt: instant }),
  RunnerDeleted: runnerFact.extend({ reason: deletionReason, deletedAt: instant }),
};

export type RunnerEvent = EventsOf<typeof runnerEventSchemas>;
export const runnerEvent = eventConstructor<RunnerEvent>();
