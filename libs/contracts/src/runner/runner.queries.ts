import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';
import { runnerReference } from './runner.commands.js';
import { deletionReason, labelNames, provisioningMethod } from './runner.events.js';

export const runnerState = z.enum([
  'requested',
  'pending',
  'idle',
  'busy',
  'offline',
  'deleting',
  'deleted',
  'failed',
]);
export type RunnerState = z.infer<typeof runnerState>;

/** The documents' coarser word for a state. */
export const runnerStatus = z.enum(['pending', 'active', 'offline', 'deleted']);
export type RunnerStatus = z.infer<typeof runnerStatus>;

export const runnerViewSchema = z.object({
  runnerId: uuid,
  runnerName: z.string(),
  status: runnerStatus,
  state: runnerState,
  githubRunnerId: z.number().int().optional(),
  runnerGroupId: z.number().int(),
  labels: labelNames,
  ephemeral: z.boolean(),
  provisioningMethod,
  /** E-mail, else `issuer|subject`. */
  provisionedBy: z.string(),
  teamId: uuid.optional(),
  teamName: z.string().optional(),
  githubUrl: z.string(),
  createdAt: instant,
  updatedAt: instant,
  registeredAt: instant.optional(),
  lastSeenAt: instant.optional(),
  deletedAt: instant.optional(),
  deletionReason: deletionReason.optional(),
  currentJob: z
    .object({
      repository: z.string(),
      workflowName: z.string().nullable(),
      jobName: z.string(),
      runId: z.number().int(),
      runAttempt: z.number().int(),
      htmlUrl: z.string(),
      startedAt: instant,
    })
    .optional(),
});
export type RunnerView = z.infer<typeof runnerViewSchema>;

export const runnerSortFields = ['created_at', 'updated_at', 'runner_name', 'status'] as const;

export const listRunnersSchema = pageSchema.extend({
  sort: sortBy(runnerSortFields).default('-created_at'),
  status: z.array(runnerStatus).optional(),
  state: z.array(runnerState).optional(),
  teamId: uuid.optional(),
  teamName: z.string().optional(),
  ephemeral: z.boolean().optional(),
  /** All must be there. */
  labels: z.array(z.string()).default([]),
  user: z.string().optional(),
  nameContains: z.string().optional(),
  createdAfter: instant.optional(),
  createdBefore: instant.optional(),
});
export type ListRunners = z.infer<typeof listRunnersSchema>;

/** `fresh` is false when the view had not yet caught up with what the caller knows. */
export const runnerListSchema = z.object({
  runners: z.array(runnerViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});

export const getRunnerSchema = runnerReference;
export const runnerFoundSchema = z.object({ runner: runnerViewSchema, fresh: z.boolean() });
