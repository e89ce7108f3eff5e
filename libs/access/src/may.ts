import type { Principal } from './principal.js';

type Id = string | null | undefined;

/** Whose runner it is. */
export type RunnerOwnership = { teamId?: Id; provisionedBy: Id };

/** Whom a record is about: the team or owner of its runner, and who acted. */
export type RecordOwnership = { teamId?: Id; runnerOwnerId?: Id; actorUserId?: Id };

/** Which team. */
export type TeamReference = { teamId: Id };

/** What can be done, and to what. */
export type Subjects = {
  'runner.see': RunnerOwnership;
  'runner.refresh': RunnerOwnership;
  'runner.deprovision': RunnerOwnership;
  'runner.issueRegistrationToken': RunnerOwnership;
  'auditRecord.see': RecordOwnership;
  /** Whose team it happened in. */
  'securityEvent.see': { teamId?: Id };
  'team.see': TeamReference;
};
export type Action = keyof Subjects;

/** What a principal must hold for a question to be decided. */
export type Member = Pick<Principal, 'userId' | 'isAdmin' | 'isActive'> & {
  teams: readonly { id: string }[];
};

/**
 * One rule for everything: administrators all; others the teams they belong to now, the runners of those and the
 * runners they provisioned without a team, and of the records those about such runners and those of their own doing.
 * What may not be seen is answered like what does not exist.
 */
export const may = <A extends Action>(principal: Member, action: A, subject: Subjects[A]): boolean => {
  if (!principal.isActive) return false;
  if (principal.isAdmin) return true;
  const rule: (principal: Member, subject: Subjects[A]) => boolean = rules[action];
  return rule(principal, subject);
};

const belongsTo = ({ teams }: Member, teamId: Id) => teams.some(({ id }) => id === teamId);

const ownsRunner = (principal: Member, { teamId, provisionedBy }: RunnerOwnership) =>
  teamId ? belongsTo(principal, teamId) : provisionedBy === principal.userId;

const isOf = (principal: Member, { teamId }: TeamReference) => belongsTo(principal, teamId);

const isConcernedBy = (principal: Member, { teamId, runnerOwnerId, actorUserId }: RecordOwnership) =>
  actorUserId === principal.userId || ownsRunner(principal, { teamId, provisionedBy: runnerOwnerId });

const rules: { [A in Action]: (principal: Member, subject: Subjects[A]) => boolean } = {
  'runner.see': ownsRunner,
  'runner.refresh': ownsRunner,
  'runner.deprovision': ownsRunner,
  'runner.issueRegistrationToken': ownsRunner,
  'auditRecord.see': isConcernedBy,
  'securityEvent.see': (principal, { teamId }) => belongsTo(principal, teamId),
  'team.see': isOf,
};
