import { z } from 'zod';
import {
  changeTrustRuleSchema,
  createTrustRuleSchema,
  listTrustRulesSchema,
  trustConditionRequest,
  uuid,
} from '#libs/contracts';
import { pageQuery } from '../http/page.request.js';

const created = createTrustRuleSchema.shape;
const changed = changeTrustRuleSchema.shape;

const { claim, equals, matches } = trustConditionRequest.shape;
const conditions = z.array(
  z
    .strictObject({ claim, equals, matches })
    .refine((condition) => (condition.equals === undefined) !== (condition.matches === undefined), {
      message: 'needs either equals or matches',
    }),
);

export const createTrustRuleRequestSchema = z
  .strictObject({
    name: created.name,
    identity_provider_id: created.identityProviderId,
    team_id: created.teamId,
    conditions: conditions.min(1).max(20),
  })
  .meta({
    example: {
      name: 'Pipelines of the shop',
      identity_provider_id: '3c0f8f2e-7f0a-4d63-8b7a-5b1f6e2d9c06',
      team_id: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
      conditions: [{ claim: 'sub', matches: 'repo:octo-org/shop:.*' }],
    },
  });
export type CreateTrustRuleRequest = z.infer<typeof createTrustRuleRequestSchema>;

/** JSON merge patch: absent = keep; nothing of a rule can be cleared. */
export const changeTrustRuleRequestSchema = z
  .strictObject({
    name: changed.name,
    team_id: changed.teamId,
    conditions: conditions.min(1).max(20).optional(),
    is_active: changed.isActive,
  })
  .meta({ example: { is_active: false } });
export type ChangeTrustRuleRequest = z.infer<typeof changeTrustRuleRequestSchema>;

export const listTrustRulesQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listTrustRulesSchema.shape.sort,
  team_id: uuid.optional(),
});
export type ListTrustRulesQuery = z.infer<typeof listTrustRulesQuerySchema>;

export const testTrustRuleRequestSchema = z
  .strictObject({ token: z.string().trim().min(1).max(16_384).describe('A JWT; it is checked and not kept') })
  .meta({ example: { token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXBvIn0.c2ln' } });
export type TestTrustRuleRequest = z.infer<typeof testTrustRuleRequestSchema>;
