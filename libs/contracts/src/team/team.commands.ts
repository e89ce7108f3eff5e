import { z } from 'zod';
import { labelPatterns, requiredLabels } from '../label-policy/label-rules.js';
import { uuid } from '../message.js';

export const teamName = z
  .string()
  .min(2)
  .max(50)
  .regex(
    /^[a-z0-9][a-z0-9-]*[a-z0-9]$/,
    'must be 2 to 50 characters of a-z 0-9 - and begin and end with a letter or digit',
  );
const description = z.string().trim().max(500);
const runnerGroupIds = z.array(z.number().int().positive()).max(100);
const maxRunners = z.number().int().positive().max(100_000);
/** Why something is taken away from somebody. */
export const comment = z.string().trim().min(10).max(500);

export const createTeamSchema = z.object({
  teamId: uuid,
  name: teamName,
  description: description.optional(),
  requiredLabels: requiredLabels.default([]),
  labelPatterns: labelPatterns.default([]),
  /** Empty: only the default runner group. */
  runnerGroupIds: runnerGroupIds.default([]),
  maxRunners: maxRunners.optional(),
});
export type CreateTeamRequest = z.infer<typeof createTeamSchema>;

/** Absent = keep, null = clear (RFC 7396). */
export const changeTeamSchema = z.object({
  teamId: uuid,
  name: teamName.optional(),
  description: description.nullable().optional(),
  requiredLabels: requiredLabels.nullable().optional(),
  labelPatterns: labelPatterns.nullable().optional(),
  runnerGroupIds: runnerGroupIds.nullable().optional(),
  maxRunners: maxRunners.nullable().optional(),
});
export type ChangeTeamRequest = z.infer<typeof changeTeamSchema>;

export const deactivateTeamSchema = z.object({
  teamId: uuid,
  reason: z.string().trim().min(1).max(500),
  /** Its runners are deleted at GitHub as well. */
  removeRunners: z.boolean().default(false),
});
export const reactivateTeamSchema = z.object({ teamId: uuid });
export const teamMembershipSchema = z.object({ teamId: uuid, userId: uuid });
