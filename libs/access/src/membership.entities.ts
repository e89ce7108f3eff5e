import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

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

export const Team = defineEntity({
  name: 'Team',
  tableName: 'team',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    description: p.string().nullable(),
    requiredLabels: p.json<string[]>(),
    /** RE2 patterns; a label must match one of them in full. */
    labelPatterns: p.json<string[]>(),
    /** Empty: only the default runner group. */
    runnerGroupIds: p.json<number[]>(),
    /** Absent: no quota. */
    maxRunners: p.integer().nullable(),
    isActive: p.boolean(),
    createdAt: p.datetime(),
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type TeamRow = InferEntity<typeof Team>;

export const TeamMember = defineEntity({
  name: 'TeamMember',
  tableName: 'team_member',
  properties: {
    teamId: p.string().primary(),
    userId: p.string().primary(),
    addedAt: p.datetime(),
  },
});

/** To be given to `openDatabase` together with `membershipMigration`. */
export const membershipEntities = [UserAccount, Identity, Team, TeamMember] as const;
