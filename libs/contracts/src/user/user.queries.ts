import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';

export const userViewSchema = z.object({
  id: uuid,
  email: z.string().optional(),
  oidcIssuer: z.string().optional(),
  oidcSub: z.string().optional(),
  displayName: z.string().optional(),
  isAdmin: z.boolean(),
  isActive: z.boolean(),
  canUseJit: z.boolean(),
  canUseRegistrationToken: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
  lastLoginAt: instant.optional(),
  /** E-mail, `issuer|subject`, or the app that did it. */
  createdBy: z.string(),
});
export type UserView = z.infer<typeof userViewSchema>;

export const userSortFields = ['created_at', 'email', 'display_name', 'last_login_at'] as const;

export const listUsersSchema = pageSchema.extend({
  sort: sortBy(userSortFields).default('-created_at'),
  isActive: z.boolean().optional(),
  isAdmin: z.boolean().optional(),
  teamId: uuid.optional(),
  /** Found in the e-mail or the display name. */
  q: z.string().optional(),
});
export type ListUsers = z.infer<typeof listUsersSchema>;

export const getUserSchema = z.object({ userId: uuid });
export const userListSchema = z.object({
  users: z.array(userViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const userFoundSchema = z.object({ user: userViewSchema, fresh: z.boolean() });
export const userWrittenSchema = z.object({ user: userViewSchema, position: z.string().optional() });
