import { z } from 'zod';
import { uuid } from '../message.js';

/** Compared without regard to case, shown as given. */
export const emailAddress = z.email('must be an e-mail address').max(254);
export const displayName = z.string().trim().min(1).max(200);
const identityPart = z.string().min(1).max(512);

/** An e-mail, or issuer and subject, or both. */
export const createUserSchema = z.object({
  userId: uuid,
  email: emailAddress.optional(),
  oidcIssuer: identityPart.optional(),
  oidcSub: identityPart.optional(),
  displayName: displayName.optional(),
  isAdmin: z.boolean().default(false),
  canUseJit: z.boolean().default(true),
  canUseRegistrationToken: z.boolean().default(false),
  /** Teams the user becomes a member of. */
  teamIds: z.array(uuid).max(100).default([]),
});
export type CreateUserRequest = z.infer<typeof createUserSchema>;

/** Absent = keep, null = clear (RFC 7396). */
export const changeUserSchema = z.object({
  userId: uuid,
  email: emailAddress.nullable().optional(),
  displayName: displayName.nullable().optional(),
  isAdmin: z.boolean().optional(),
  isActive: z.boolean().optional(),
  canUseJit: z.boolean().optional(),
  canUseRegistrationToken: z.boolean().optional(),
  /** Why, when `isActive` becomes false. */
  comment: z.string().optional(),
});
export type ChangeUserRequest = z.infer<typeof changeUserSchema>;

export const deactivateUserSchema = z.object({ userId: uuid, comment: z.string().trim().min(10).max(500) });
export const activateUserSchema = z.object({ userId: uuid });
