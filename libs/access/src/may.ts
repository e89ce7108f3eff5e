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
export type Member = Pick<Principal, 'userId' | 'isAdmin' | 'isActive' | 'machine'> & {
  teams: readonly { id: string }[];
};

/**
 * One rule for everything: administrators all; others the teams they belong to now, the runners of those and the
 * runners they provisioned without a team, and of the records those about such runners and those of their own doing.
 * A machine is its team's: what it did for others, before it was given to this team, is not told; and one trust rule
 * stands for many tokens, of which each sees its own teams' alone.
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
  teamId
    ? belongsTo(principal, teamId)
    : provisionedBy === principal.userId && ownDoingsSeen(principal) !== undefined;

const isOf = (principal: Member, { teamId }: TeamReference) => belongsTo(principal, teamId);

const isConcernedBy = (principal: Member, { teamId, runnerOwnerId, actorUserId }: RecordOwnership) => {
  const ownDoing = actorUserId === principal.userId && ownDoingsSeen(principal);
  return (
    (ownDoing && (ownDoing === 'all' || !teamId)) ||
    ownsRunner(principal, { teamId, provisionedBy: runnerOwnerId })
  );
};

/** Which records of somebody's own doing they see, whatever their teams are. */
export const ownDoingsSeen = ({ machine }: Member): 'all' | 'without a team' | undefined => {
  if (machine === undefined) return 'all';
  return 'machineClientId' in machine ? 'without a team' : undefined;
};

const rules: { [A in Action]: (principal: Member, subject: Subjects[A]) => boolean } = {
  'runner.see': ownsRunner,
  'runner.refresh': ownsRunner,
  'runner.deprovision': ownsRunner,
  'runner.issueRegistrationToken': ownsRunner,
  'auditRecord.see': isConcernedBy,
  'securityEvent.see': (principal, { teamId }) => belongsTo(principal, teamId),
  'team.see': isOf,
};
