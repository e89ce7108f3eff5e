import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Recorded, UserEvent } from '#libs/contracts';
import { type CreatedBy, createdBy, createdByProperties } from './created-by.js';

export const UserAccount = defineEntity({
  name: 'UserAccount',
  tableName: 'user_account',
  properties: {
    id: p.string().primary(),
    email: p.string().nullable(),
    /** Lower-case: e-mails are compared without regard to case. */
    emailKey: p.string().nullable(),
    displayName: p.string().nullable(),
    isAdmin: p.boolean(),
    canUseJit: p.boolean(),
    canUseRegistrationToken: p.boolean(),
    isActive: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    /** To the hour. */
    lastLoginAt: p.datetime().nullable(),
    ...createdByProperties,
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type UserAccountRow = InferEntity<typeof UserAccount>;

/** Issuer + subject as one user; a user may have several. */
export const Identity = defineEntity({
  name: 'Identity',
  tableName: 'identity',
  properties: {
    issuer: p.string().primary(),
    subject: p.string().primary(),
    userId: p.string(),
  },
});
export type IdentityRow = InferEntity<typeof Identity>;

export const userIdOf = ({ data }: Recorded<UserEvent>): string => data.userId;

/** A user's row after one more fact; the same row when the fact is in it already or changes nothing shown. */
export const userAfter = (
  row: UserAccountRow | undefined,
  fact: Recorded<UserEvent>,
): UserAccountRow | undefined => {
  if (row && fact.position <= row.position) return row;
  if (fact.type === 'UserCreated') return newUser(fact);
  if (!row || fact.type === 'UserIdentityBound') return row;
  const { position, recordedAt } = fact;
  if (fact.type === 'UserLoggedIn') {
    return { ...row, lastLoginAt: new Date(fact.data.loggedInAt), position };
  }
  return { ...row, ...changeIn(fact), updatedAt: recordedAt, position };
};

type Change = Exclude<UserEvent['type'], 'UserCreated' | 'UserIdentityBound' | 'UserLoggedIn'>;

const changeIn = (fact: Recorded<Extract<UserEvent, { type: Change }>>): Partial<UserAccountRow> => {
  switch (fact.type) {
    case 'UserEmailSet': {
      const { email = null } = fact.data;
      return { email, emailKey: email?.toLowerCase() ?? null };
    }
    case 'UserDisplayNameSet':
      return { displayName: fact.data.displayName ?? null };
    case 'UserPermissionsSet': {
      const { canUseJit, canUseRegistrationToken } = fact.data;
      return { canUseJit, canUseRegistrationToken };
    }
    case 'UserBecameAdmin':
      return { isAdmin: true };
    case 'UserCeasedToBeAdmin':
      return { isAdmin: false };
    case 'UserDeactivated':
      return { isActive: false };
    case 'UserActivated':
      return { isActive: true };
  }
};

const newUser = ({
  data,
  metadata,
  position,
}: Recorded<Extract<UserEvent, { type: 'UserCreated' }>>): UserAccountRow & CreatedBy => {
  const { userId, email, displayName, isAdmin, canUseJit, canUseRegistrationToken, createdAt } = data;
  return {
    id: userId,
    email: email ?? null,
    emailKey: email?.toLowerCase() ?? null,
    displayName: displayName ?? null,
    isAdmin,
    canUseJit,
    canUseRegistrationToken,
    isActive: true,
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt),
    lastLoginAt: null,
    ...createdBy(metadata.actor),
    position,
  };
};
