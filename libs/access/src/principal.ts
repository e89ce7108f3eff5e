import { type Caller, Problem } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { IdentityProvider, type IdentityProviderRow } from './identity-provider.entity.js';
import { findMachine, type Machine } from './machine.js';
import { Team, TeamMember, type TeamRow } from './team.entity.js';
import { Identity, UserAccount, type UserAccountRow } from './user.entity.js';

export type PrincipalTeam = {
  id: string;
  name: string;
  requiredLabels: readonly string[];
  /** RE2 patterns; a label must match one of them in full. */
  labelPatterns: readonly string[];
  /** Empty: only the default runner group. */
  runnerGroupIds: readonly number[];
  /** Absent: no quota. */
  maxRunners: number | undefined;
  isActive: boolean;
};

/** A caller as this service knows them: who they are here and what they may. */
export type Principal = {
  kind: 'user' | 'machine';
  /** Of a machine: the id of the registered client or of the trust rule it came in by. */
  userId: string;
  /** Which of the two, for a machine. */
  machine?: { machineClientId: string } | { trustRuleId: string };
  email: string | undefined;
  displayName: string | undefined;
  isAdmin: boolean;
  canUseJit: boolean;
  canUseRegistrationToken: boolean;
  isActive: boolean;
  /** The teams they belong to now, by name; of a machine the one it acts for. */
  teams: readonly PrincipalTeam[];
  /** Found by an e-mail: nobody has signed in as this user yet. */
  notYetBound?: true;
};

export type EnvironmentIssuer = {
  /** `OIDC_ISSUER`: its e-mails name users of any domain, before their first login. */
  environmentIssuer: string | undefined;
};

/**
 * Whoever a verified token stands for: the user with this issuer + subject; before the first login has bound one, the
 * user of an e-mail the issuer may speak for; else a machine, by its client id or by a trust rule.
 */
export const findPrincipal = async (
  em: EntityManager,
  caller: Caller,
  { environmentIssuer }: EnvironmentIssuer,
): Promise<Principal | undefined> => {
  const providers = await em.find(IdentityProvider, { issuer: caller.issuer });
  const provider = providers.find(({ isActive }) => isActive);
  // whatever became of a provider of that name: the environment's word stands above it
  const isEnvironments = caller.issuer === environmentIssuer;
  if (providers.length > 0 && !provider && !isEnvironments) return undefined;

  const known = await findByIdentity(em, caller);
  if (known) return userPrincipal(known, await teamsOf(em, known.id));
  const invited = await findByEmail(em, caller, { environmentIssuer, provider });
  if (invited) return { ...userPrincipal(invited, await teamsOf(em, invited.id)), notYetBound: true };
  const machine = await findMachine(em, caller, provider);
  return machine && machinePrincipal(machine, await em.find(Team, { id: { $in: [...machine.teamIds] } }));
};

/** Why this caller gets no further, if so. */
export const callerProblem = (principal: Principal | undefined): Problem | undefined => {
  if (!principal) {
    return new Problem(
      'user-not-authorized',
      'Your token is valid, but you are not a user of this service. Ask an administrator to add you.',
    );
  }
  if (principal.kind === 'machine') return machineProblem(principal);
  if (!principal.isActive) {
    return new Problem(
      'user-deactivated',
      'Your account has been deactivated. Ask an administrator to activate it again.',
    );
  }
  return undefined;
};

const machineProblem = ({ isActive, teams }: Principal): Problem | undefined => {
  if (!isActive) {
    return new Problem(
      'machine-client-refused',
      'This machine client has been deactivated. Ask an administrator to activate it again.',
    );
  }
  if (teams.every((team) => !team.isActive)) {
    return new Problem('team-deactivated', 'The team this machine client acts for has been deactivated.');
  }
  return undefined;
};

const findByIdentity = async (em: EntityManager, { issuer, subject }: Caller) => {
  const identity = await em.findOne(Identity, { issuer, subject });
  return identity && em.findOne(UserAccount, { id: identity.userId });
};

const findByEmail = async (
  em: EntityManager,
  { issuer, subject, email, emailVerified }: Caller,
  {
    environmentIssuer,
    provider,
  }: { environmentIssuer: string | undefined; provider: IdentityProviderRow | undefined },
) => {
  if (email === undefined || !emailVerified) return undefined;
  const emailKey = email.toLowerCase();
  const domain = emailKey.slice(emailKey.lastIndexOf('@') + 1);
  const maySpeakForIt = issuer === environmentIssuer || provider?.emailDomains.includes(domain);
  if (!maySpeakForIt) return undefined;
  const user = await em.findOne(UserAccount, { emailKey });
  if (!user) return undefined;
  const bound = await em.find(Identity, { userId: user.id });
  // it may have been bound to this very caller since we looked for their identity
  const isAnothers = bound.some((identity) => identity.issuer !== issuer || identity.subject !== subject);
  return isAnothers ? undefined : user;
};

const teamsOf = async (em: EntityManager, userId: string): Promise<TeamRow[]> => {
  const memberships = await em.find(TeamMember, { userId });
  if (memberships.length === 0) return [];
  return em.find(
    Team,
    { id: { $in: memberships.map(({ teamId }) => teamId) } },
    { orderBy: { name: 'asc' } },
  );
};

const userPrincipal = (user: UserAccountRow, teams: readonly TeamRow[]): Principal => ({
  kind: 'user',
  userId: user.id,
  email: user.email ?? undefined,
  displayName: user.displayName ?? undefined,
  isAdmin: user.isAdmin,
  canUseJit: user.canUseJit,
  canUseRegistrationToken: user.canUseRegistrationToken,
  isActive: user.isActive,
  teams: teams.map(asPrincipalTeam),
});

/** A machine never administers, and gets no registration tokens: those register any number of machines. */
const machinePrincipal = (
  { id, by, displayName, isActive }: Machine,
  teams: readonly TeamRow[],
): Principal => ({
  kind: 'machine',
  userId: id,
  machine: by,
  email: undefined,
  displayName,
  isAdmin: false,
  canUseJit: true,
  canUseRegistrationToken: false,
  isActive,
  teams: teams.map(asPrincipalTeam),
});

const asPrincipalTeam = ({
  id,
  name,
  requiredLabels,
  labelPatterns,
  runnerGroupIds,
  maxRunners,
  isActive,
}: TeamRow): PrincipalTeam => ({
  id,
  name,
  requiredLabels,
  labelPatterns,
  runnerGroupIds,
  maxRunners: maxRunners ?? undefined,
  isActive,
});
