import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { asAdministrator, pageSchema, sortBy } from '../page.js';

export const teamViewSchema = z.object({
  id: uuid,
  name: z.string(),
  description: z.string().optional(),
  requiredLabels: z.array(z.string()),
  optionalLabelPatterns: z.array(z.string()),
  runnerGroupIds: z.array(z.number().int()),
  maxRunners: z.number().int().optional(),
  isActive: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  /** E-mail, `issuer|subject`, or the app that did it. */
  createdBy: z.string(),
  deactivatedAt: instant.optional(),
  deactivatedBy: z.string().optional(),
  deactivationReason: z.string().optional(),
  memberCount: z.number().int(),
  /** Runners that hold a slot: all that are neither deleted nor failed. */
  activeRunnerCount: z.number().int(),
});
export type TeamView = z.infer<typeof teamViewSchema>;

export const teamSortFields = ['created_at', 'updated_at', 'name'] as const;

export const listTeamsSchema = pageSchema.extend({
  sort: sortBy(teamSortFields).default('-created_at'),
  isActive: z.boolean().optional(),
  /** Found in the name or the description. */
  q: z.string().optional(),
  /** Only the caller's own, also when an administrator asks. */
  own: z.boolean().default(false),
  asAdministrator,
});
export type ListTeams = z.infer<typeof listTeamsSchema>;

export const getTeamSchema = z.object({ teamId: uuid, asAdministrator });
export const teamListSchema = z.object({
  teams: z.array(teamViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const teamFoundSchema = z.object({ team: teamViewSchema, fresh: z.boolean() });
/** `operationId`: the deletion of the team's runners goes on. */
export const teamWrittenSchema = z.object({
  team: teamViewSchema,
  position: z.string().optional(),
  operationId: uuid.optional(),
});

export const teamMemberSortFields = ['added_at'] as const;

export const listTeamMembersSchema = pageSchema.extend({
  sort: sortBy(teamMemberSortFields).default('-added_at'),
  teamId: uuid,
  asAdministrator,
});
export type ListTeamMembers = z.infer<typeof listTeamMembersSchema>;
export const teamMemberSchema = z.object({
  userId: uuid,
  email: z.string().optional(),
  displayName: z.string().optional(),
  isActive: z.boolean(),
  addedAt: instant,
});
export type TeamMemberView = z.infer<typeof teamMemberSchema>;
export const teamMemberListSchema = z.object({
  members: z.array(teamMemberSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const teamMemberWrittenSchema = z.object({
  member: teamMemberSchema.optional(),
  position: z.string().optional(),
});
