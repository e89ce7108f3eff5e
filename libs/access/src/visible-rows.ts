import type { Member } from './may.js';

type OwnerCondition = Record<string, unknown>;

/** `may(…, 'runner.see', …)` as a condition on rows with `teamId` and `provisionedBy`. */
export const visibleRunners = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  if (principal.isAdmin) return {};
  return { $or: ownRunners(principal, 'provisionedBy') };
};

/** `may(…, 'auditRecord.see', …)` as a condition on rows with `teamId`, `runnerOwnerId` and `actorUserId`. */
export const visibleRecords = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  if (principal.isAdmin) return {};
  return { $or: [{ actorUserId: principal.userId }, ...ownRunners(principal, 'runnerOwnerId')] };
};

/** `may(…, 'securityEvent.see', …)` as a condition on rows with `teamId`. */
export const visibleSecurityEvents = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  return principal.isAdmin ? {} : { teamId: { $in: principal.teams.map(({ id }) => id) } };
};

const NOTHING = { $and: [{ teamId: null }, { teamId: { $ne: null } }] };

const ownRunners = ({ userId, teams }: Member, owner: string): OwnerCondition[] => [
  { teamId: null, [owner]: userId },
  ...(teams.length > 0 ? [{ teamId: { $in: teams.map(({ id }) => id) } }] : []),
];
