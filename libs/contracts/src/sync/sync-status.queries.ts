import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { labelNames } from '../runner/runner.events.js';

/** What one look at all runners came to. */
export const syncResultSchema = z.object({
  /** Runners of ours about which GitHub had news. */
  updated: z.number().int(),
  /** Runners of ours that GitHub has no more. */
  deleted: z.number().int(),
  unchanged: z.number().int(),
  /** Runners that could not be looked at, or about which the news could not be recorded. */
  errors: z.number().int(),
  /** Runners whose labels at GitHub are not those they were to have. */
  labelDrifts: z.number().int(),
  /** Runners of the organisation that are nobody's here. */
  unmanaged: z.number().int(),
  /** Runners of ours that were looked for. */
  total: z.number().int(),
});
export type SyncResult = z.infer<typeof syncResultSchema>;

/** Whether all that GitHub has sent is recorded here, by GitHub's own list of deliveries. */
export const deliveryAccountSchema = z.object({
  /** False without webhooks: nothing is compared. */
  enabled: z.boolean(),
  /** How far back GitHub shows what it has delivered. */
  since: instant.optional(),
  /** Deliveries about jobs of our installation that are recorded, or were acknowledged as being of no use … */
  accountedFor: z.number().int(),
  /** … of so many that GitHub has sent. */
  of: z.number().int(),
  /** Deliveries that GitHub was asked to repeat. */
  askedAgain: z.number().int(),
  /** Deliveries that are lost: GitHub has forgotten them. Shown for three days more. */
  givenUp: z.number().int(),
  /** Absent: never. */
  checkedAt: instant.optional(),
});
export type DeliveryAccount = z.infer<typeof deliveryAccountSchema>;

export const unmanagedRunnerSchema = z.object({
  githubRunnerId: z.number().int(),
  name: z.string(),
  labels: labelNames,
  status: z.enum(['online', 'offline']),
});
export type UnmanagedRunner = z.infer<typeof unmanagedRunnerSchema>;

export const syncStatusSchema = z.object({
  /** False: GitHub is looked at only when somebody asks for it. */
  pollingEnabled: z.boolean(),
  /** False: no webhook secret is configured, polling alone keeps up with GitHub. */
  webhooksEnabled: z.boolean(),
  /** Who polls now; absent while nobody does. */
  leader: z.object({ observer: uuid, term: z.number().int().positive(), leaseExpiresAt: instant }).optional(),
  /** The newest look at all runners; either its result or why there is none. */
  lastCycle: z
    .object({
      cycleId: uuid,
      startedAt: instant,
      completedAt: instant,
      success: z.boolean(),
      result: syncResultSchema.optional(),
      error: z.object({ code: z.string(), detail: z.string() }).optional(),
    })
    .optional(),
  nextRunAt: instant.optional(),
  deliveries: deliveryAccountSchema,
  /** What GitHub last told the leader; absent before, and on servers without limits. */
  githubRateLimit: z
    .object({
      limit: z.number().int(),
      remaining: z.number().int(),
      resetsAt: instant,
      seenAt: instant,
    })
    .optional(),
  /** How many runners of the organisation are nobody's here. */
  unmanagedTotal: z.number().int(),
  /** The newest 100 of them. */
  unmanagedRunners: z.array(unmanagedRunnerSchema),
});
export type SyncStatus = z.infer<typeof syncStatusSchema>;

export const getSyncStatusSchema = z.object({});
