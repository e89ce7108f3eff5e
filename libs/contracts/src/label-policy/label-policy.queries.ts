import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';
import { userIdentity } from './label-policy.commands.js';

export const labelPolicyViewSchema = z.object({
  /** E-mail, else `issuer|subject`, else the user's id. */
  userIdentity: z.string(),
  userId: uuid,
  allowedLabels: z.array(z.string()),
  labelPatterns: z.array(z.string()),
  maxRunners: z.number().int().optional(),
  description: z.string().optional(),
  updatedAt: instant,
});
export type LabelPolicyView = z.infer<typeof labelPolicyViewSchema>;

export const labelPolicySortFields = ['updated_at', 'max_runners'] as const;

export const listLabelPoliciesSchema = pageSchema.extend({
  sort: sortBy(labelPolicySortFields).default('-updated_at'),
});
export const getLabelPolicySchema = z.object({ userIdentity });
export const labelPolicyListSchema = z.object({
  policies: z.array(labelPolicyViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const labelPolicyFoundSchema = z.object({ policy: labelPolicyViewSchema, fresh: z.boolean() });
export const labelPolicyWrittenSchema = z.object({
  policy: labelPolicyViewSchema,
  position: z.string().optional(),
});

/** What the caller may put on a runner, one entry per team, or one without a team. */
export const ownLabelPoliciesSchema = z.object({
  policies: z.array(
    z.object({
      teamId: uuid.optional(),
      teamName: z.string().optional(),
      systemLabels: z.array(z.string()),
      requiredLabels: z.array(z.string()),
      /** RE2 patterns; `.*` when anything goes. */
      labelPatterns: z.array(z.string()),
      runnerGroupIds: z.array(z.number().int()),
      /** `limit` null = no quota. */
      quota: z.object({ limit: z.number().int().nullable(), inUse: z.number().int() }),
    }),
  ),
});
