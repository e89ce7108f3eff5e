import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';
import { trustRuleSettings } from './trust-rule.events.js';

export const trustRuleViewSchema = trustRuleSettings.extend({
  id: uuid,
  isActive: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
});
export type TrustRuleView = z.infer<typeof trustRuleViewSchema>;

export const trustRuleSortFields = ['created_at', 'updated_at', 'name'] as const;

export const listTrustRulesSchema = pageSchema.extend({
  sort: sortBy(trustRuleSortFields).default('-created_at'),
  teamId: uuid.optional(),
});
export const getTrustRuleSchema = z.object({ trustRuleId: uuid });
export const trustRuleListSchema = z.object({
  trustRules: z.array(trustRuleViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const trustRuleFoundSchema = z.object({ trustRule: trustRuleViewSchema, fresh: z.boolean() });
export const trustRuleWrittenSchema = z.object({
  trustRule: trustRuleViewSchema,
  position: z.string().optional(),
});
