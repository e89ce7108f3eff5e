import { z } from 'zod';
import { uuid } from '../message.js';

/** Exactly one of `equals` and `matches`. */
export const trustConditionRequest = z
  .object({
    claim: z.string().min(1).max(200),
    equals: z.string().min(1).max(1024).optional(),
    matches: z.string().min(1).max(200).optional(),
  })
  .refine(({ equals, matches }) => (equals === undefined) !== (matches === undefined), {
    message: 'needs either equals or matches',
  });
const name = z.string().trim().min(1).max(100);
const conditions = z.array(trustConditionRequest).min(1).max(20);

export const createTrustRuleSchema = z.object({
  trustRuleId: uuid,
  name,
  identityProviderId: uuid,
  teamId: uuid,
  conditions,
});
export type CreateTrustRuleRequest = z.infer<typeof createTrustRuleSchema>;

/** Absent = keep. */
export const changeTrustRuleSchema = z.object({
  trustRuleId: uuid,
  name: name.optional(),
  teamId: uuid.optional(),
  conditions: conditions.optional(),
  isActive: z.boolean().optional(),
});
export type ChangeTrustRuleRequest = z.infer<typeof changeTrustRuleSchema>;

export const removeTrustRuleSchema = z.object({ trustRuleId: uuid });

/** The gateway has taken the token apart; it is not passed on. */
export const testTrustRuleSchema = z.object({
  trustRuleId: uuid,
  /** Whether signature, issuer, audience and times are right; the reason when not. */
  verification: z.object({ valid: z.boolean(), detail: z.string().optional() }),
  claims: z.record(z.string(), z.unknown()),
});

export const trustRuleTestedSchema = z.object({
  matches: z.boolean(),
  /** The token itself, then one entry per condition. */
  reasons: z.array(z.object({ claim: z.string(), fulfilled: z.boolean(), detail: z.string() })),
});
