import { z } from 'zod';
import { changeUserSchema, createUserSchema, listUsersSchema, uuid } from '#libs/contracts';
import { amongFields } from '../http/among-fields.js';
import { flagQuery, pageQuery } from '../http/page.request.js';
import { searchText } from '../http/search-text.js';

const created = createUserSchema.shape;
const changed = changeUserSchema.shape;

export const createUserRequestSchema = z
  .strictObject({
    email: created.email,
    oidc_issuer: created.oidcIssuer,
    oidc_sub: created.oidcSub,
    display_name: created.displayName,
    is_admin: created.isAdmin,
    can_use_jit: created.canUseJit,
    can_use_registration_token: created.canUseRegistrationToken,
    team_ids: created.teamIds,
  })
  .refine(
    ({ oidc_issuer: issuer, oidc_sub: subject }) => (issuer === undefined) === (subject === undefined),
    {
      ...amongFields,
      path: ['oidc_sub'],
      message: 'goes together with oidc_issuer',
    },
  )
  .refine(({ email, oidc_sub: subject }) => email !== undefined || subject !== undefined, {
    ...amongFields,
    path: ['email'],
    message: 'is needed, or oidc_issuer and oidc_sub',
  })
  .meta({ example: { email: 'alice@example.com', display_name: 'Alice', team_ids: [] } });
export type CreateUserRequest = z.infer<typeof createUserRequestSchema>;

/** JSON merge patch: absent = keep, null = clear. */
export const changeUserRequestSchema = z
  .strictObject({
    email: changed.email,
    display_name: changed.displayName,
    is_admin: changed.isAdmin,
    is_active: changed.isActive,
    can_use_jit: changed.canUseJit,
    can_use_registration_token: changed.canUseRegistrationToken,
    comment: changed.comment.describe('Why, when is_active becomes false'),
  })
  .meta({ example: { display_name: null, can_use_registration_token: true } });
export type ChangeUserRequest = z.infer<typeof changeUserRequestSchema>;

/** What is left out is as for a new user; whether the user is active stays. */
export const replaceUserRequestSchema = z
  .strictObject({
    email: created.email.unwrap().nullable().default(null),
    display_name: created.displayName.unwrap().nullable().default(null),
    is_admin: created.isAdmin,
    is_active: changed.isActive,
    can_use_jit: created.canUseJit,
    can_use_registration_token: created.canUseRegistrationToken,
    comment: changed.comment.describe('Why, when is_active becomes false'),
  })
  .meta({ example: { email: 'alice@example.com', display_name: 'Alice', can_use_jit: true } });
export type ReplaceUserRequest = z.infer<typeof replaceUserRequestSchema>;

export const listUsersQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listUsersSchema.shape.sort,
  is_active: flagQuery.optional(),
  is_admin: flagQuery.optional(),
  team_id: uuid.optional(),
  q: searchText.optional(),
});
export type ListUsersQuery = z.infer<typeof listUsersQuerySchema>;
