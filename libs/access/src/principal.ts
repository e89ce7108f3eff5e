import { type Caller, Problem } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import {
  Identity,
  Team,
  TeamMember,
  type TeamRow,
  UserAccount,
  type UserAccountRow,
} from './membership.entities.js';

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
  userId: string;
  email: string | undefined;
  displayName: string | undefined;
  isAdmin: boolean;
  canUseJit: boolean;
  canUseRegistrationToken: boolean;
  isActive: boolean;
  /** The teams they belong to now, by name. */
  teams: readonly PrincipalTeam[];
};

export type EnvironmentIssuer = {
  /** `OIDC_ISSUER`: the only issuer whose e-mails name a user before the first login. */
  environmentIssuer: string | undefined;
};

/**
 * The user behind a verified token: by issuer + subject; before the first login has bound one, by an e-mail that
 * the environment's issuer has verified.
 */
export const findPrincipal = async (
  em: EntityManager,
  caller: Caller,
  { environmentIssuer }: EnvironmentIssuer,
): Promise<Principal | undefined> => {
  const user = (await findByIdentity(em, caller)) ?? (await findByEmail(em, caller, environmentIssuer));
  return user && asPrincipal(user, await teamsOf(em, user.id));
};

/** Why this caller gets no further, if so. */
export const callerProblem = (principal: Principal | undefined): Problem | undefined => {
  if (!principal) {
    return new Problem(
      'user-not-authorized',
      'Your token is valid, but you are not a user of this service. Ask an administrator to add you.',
    );
  }
  if (!principal.isActive) {
    return new Problem(
      'user-deactivated',
      'Your account has been deactivated. Ask an administrator to activate it again.',
    );
  }
  return undefined;
};

/**
 * The active user who asks.
 * @throws Problem user-not-authorized, user-deactivated
 */
export const requirePrincipal = async (
  em: EntityManager,
  caller: Caller | undefined,
  options: EnvironmentIssuer,
): Promise<Principal> => {
  const principal = caller && (await findPrincipal(em, caller, options));
  const problem = callerProblem(principal);
  if (problem) throw problem;
  return principal as Principal;
};

const findByIdentity = async (em: EntityManager, { issuer, subject }: Caller) => {
  const identity = await em.findOne(Identity, { issuer, subject });
  return identity && em.findOne(UserAccount, { id: identity.userId });
};

const findByEmail = async (
  em: EntityManager,
  { issuer, email, emailVerified }: Caller,
  environmentIssuer: string | undefined,
) => {
  if (email === undefined || !emailVerified || issuer !== environmentIssuer) return undefined;
  const user = await em.findOne(UserAccount, { emailKey: email.toLowerCase() });
  if (!user) return undefined;
  const alreadyBound = (await em.count(Identity, { userId: user.id })) > 0;
  return alreadyBound ? undefined : user;
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

const asPrincipal = (user: UserAccountRow, teams: readonly TeamRow[]): Principal => ({
  userId: user.id,
  email: user.email ?? undefined,
  displayName: user.displayName ?? undefined,
  isAdmin: user.isAdmin,
  canUseJit: user.canUseJit,
  canUseRegistrationToken: user.canUseRegistrationToken,
  isActive: user.isActive,
  teams: teams.map(({ id, name, requiredLabels, labelPatterns, runnerGroupIds, maxRunners, isActive }) => ({
    id,
    name,
    requiredLabels,
    labelPatterns,
    runnerGroupIds,
    maxRunners: maxRunners ?? undefined,
    isActive,
  })),
});
