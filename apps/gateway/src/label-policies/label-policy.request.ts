import { z } from 'zod';
import { listLabelPoliciesSchema, setLabelPolicySchema } from '#libs/contracts';
import { pageQuery } from '../http/page.request.js';

const set = setLabelPolicySchema.shape;

/** Replaces the policy the user had. */
export const setLabelPolicyRequestSchema = z
  .strictObject({
    user_identity: set.userIdentity.describe('E-mail, issuer|subject or user id'),
    allowed_labels: set.allowedLabels.describe('Exact, or with * for any run of characters; * alone: all'),
    label_patterns: set.labelPatterns,
    max_runners: set.maxRunners,
    description: set.description,
  })
  .meta({
    example: { user_identity: 'alice@example.com', allowed_labels: ['gpu', 'ubuntu-*'], max_runners: 2 },
  });
export type SetLabelPolicyRequest = z.infer<typeof setLabelPolicyRequestSchema>;

export const listLabelPoliciesQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listLabelPoliciesSchema.shape.sort,
});
export type ListLabelPoliciesQuery = z.infer<typeof listLabelPoliciesQuerySchema>;
