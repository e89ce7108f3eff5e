import { type Member, ownDoingsSeen } from './may.js';

type OwnerCondition = Record<string, unknown>;

/** `may(…, 'runner.see', …)` as a condition on rows with `teamId` and `provisionedBy`. */
export const visibleRunners = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  if (principal.isAdmin) return {};
  return { $or: [...ownRunners(principal, 'provisionedBy'), NOTHING] };
};

/** `may(…, 'auditRecord.see', …)` as a condition on rows with `teamId`, `runnerOwnerId` and `actorUserId`. */
export const visibleRecords = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  if (principal.isAdmin) return {};
  return { $or: [...ownDoings(principal), ...ownRunners(principal, 'runnerOwnerId'), NOTHING] };
};

/** `may(…, 'securityEvent.see', …)` as a condition on rows with `teamId`. */
export const visibleSecurityEvents = (principal: Member): OwnerCondition => {
  if (!principal.isActive) return NOTHING;
  return principal.isAdmin ? {} : { teamId: { $in: principal.teams.map(({ id }) => id) } };
};

const NOTHING = { $and: [{ teamId: null }, { teamId: { $ne: null } }] };

const ownDoings = (principal: Member): OwnerCondition[] => {
  const { userId: actorUserId } = principal;
  const seen = ownDoingsSeen(principal);
  if (seen === undefined) return [];
  return [seen === 'all' ? { actorUserId } : { actorUserId, teamId: null }];
};

const ownRunners = (principal: Member, owner: string): OwnerCondition[] => [
  ...(ownDoingsSeen(principal) ? [{ teamId: null, [owner]: principal.userId }] : []),
  ...(principal.teams.length > 0 ? [{ teamId: { $in: principal.teams.map(({ id }) => id) } }] : []),
];
