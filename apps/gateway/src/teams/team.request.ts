import { z } from 'zod';
import {
  changeTeamSchema,
  createTeamSchema,
  deactivateTeamSchema,
  listTeamMembersSchema,
  listTeamsSchema,
  uuid,
} from '#libs/contracts';
import { toCamelCase } from '#libs/runtime';
import { flagQuery, pageQuery } from '../http/page.request.js';
import { searchText } from '../http/search-text.js';

const created = createTeamSchema.shape;
const changed = changeTeamSchema.shape;

export const createTeamRequestSchema = z
  .strictObject({
    name: created.name,
    description: created.description,
    required_labels: created.requiredLabels,
    optional_label_patterns: created.labelPatterns,
    runner_group_ids: created.runnerGroupIds,
    max_runners: created.maxRunners,
  })
  .meta({
    example: {
      name: 'dev',
      required_labels: ['team-dev'],
      optional_label_patterns: ['gpu', 'ubuntu-.*'],
      max_runners: 10,
    },
  });
export type CreateTeamRequest = z.infer<typeof createTeamRequestSchema>;

/** JSON merge patch: absent = keep, null = clear. */
export const changeTeamRequestSchema = z
  .strictObject({
    name: changed.name,
    description: changed.description,
    required_labels: changed.requiredLabels,
    optional_label_patterns: changed.labelPatterns,
    runner_group_ids: changed.runnerGroupIds,
    max_runners: changed.maxRunners,
  })
  .meta({ example: { max_runners: null, optional_label_patterns: ['gpu'] } });
export type ChangeTeamRequest = z.infer<typeof changeTeamRequestSchema>;

/** What callers call optional patterns are the patterns of labels here: required ones have none. */
export const labelRulesFrom = <T extends { optional_label_patterns?: unknown }>({
  optional_label_patterns: labelPatterns,
  ...rest
}: T) => ({ ...toCamelCase(rest), labelPatterns: labelPatterns as T['optional_label_patterns'] });

export const deactivateTeamRequestSchema = z
  .strictObject({
    reason: deactivateTeamSchema.shape.reason,
    remove_runners: deactivateTeamSchema.shape.removeRunners.describe(
      'Its runners are deleted at GitHub too',
    ),
  })
  .meta({ example: { reason: 'The project has ended', remove_runners: true } });
export type DeactivateTeamRequest = z.infer<typeof deactivateTeamRequestSchema>;

export const addMemberRequestSchema = z
  .strictObject({ user_id: uuid })
  .meta({ example: { user_id: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04' } });
export type AddMemberRequest = z.infer<typeof addMemberRequestSchema>;

export const listTeamsQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listTeamsSchema.shape.sort,
  is_active: flagQuery.optional(),
  q: searchText.optional(),
});
export type ListTeamsQuery = z.infer<typeof listTeamsQuerySchema>;

export const listTeamMembersQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listTeamMembersSchema.shape.sort,
});
export type ListTeamMembersQuery = z.infer<typeof listTeamMembersQuerySchema>;
