import { z } from 'zod';
import { labelPatterns } from './label-rules.js';

/** A label, or parts of one with `*` between them; lower-cased. */
export const allowedLabel = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9*][A-Za-z0-9._*-]{0,255}$/, 'must be a label, with * for any run of characters')
  .transform((text) => text.toLowerCase());

/** An e-mail, `issuer|subject` or a user id. */
export const userIdentity = z.string().trim().min(1).max(1024);

/** Replaces what was set before. */
export const setLabelPolicySchema = z.object({
  userIdentity,
  allowedLabels: z.array(allowedLabel).max(100).default([]),
  labelPatterns: labelPatterns.default([]),
  maxRunners: z.number().int().positive().max(100_000).optional(),
  description: z.string().trim().max(500).optional(),
});
export type SetLabelPolicyRequest = z.infer<typeof setLabelPolicySchema>;

export const removeLabelPolicySchema = z.object({ userIdentity });
