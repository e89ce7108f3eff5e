import type { Recorded, TeamEvent, UserEvent } from '#libs/contracts';
import { type EntityManager, foldRows, type Projection } from '#libs/read-model';
import {
  Identity,
  Team,
  TeamMember,
  type TeamRow,
  UserAccount,
  type UserAccountRow,
} from './membership.entities.js';

type MembershipFact = Recorded<TeamEvent> | Recorded<UserEvent>;

/** The codec has checked type and shape, and streams of other categories are not followed. */
const asMembershipFact = (fact: Recorded): MembershipFact => fact as MembershipFact;

/** Who belongs where: users, their identities, teams and members, in whichever app's database needs them. */
export const membershipProjection: Projection = {
  name: 'membership',
  prefixes: ['team-', 'user-'],
  apply: async (em, recorded) => {
    const facts = recorded.map(asMembershipFact);
    await foldRows<UserAccountRow>(em, facts, {
      entity: UserAccount,
      key: 'id',
      keyOf: (fact) => userIdOf(asMembershipFact(fact)),
      evolve: (row, fact) => userAfter(row, asMembershipFact(fact)),
    });
    await foldRows<TeamRow>(em, facts, {
      entity: Team,
      key: 'id',
      keyOf: (fact) => teamIdOf(asMembershipFact(fact)),
      evolve: (row, fact) => teamAfter(row, asMembershipFact(fact)),
    });
    await bindIdentities(em, facts);
    await addMembers(em, facts);
  },
};

const userIdOf = (fact: MembershipFact) => (fact.type === 'UserCreated' ? fact.data.userId : undefined);

const teamIdOf = (fact: MembershipFact) => {
  switch (fact.type) {
    case 'TeamCreated':
    case 'TeamMaxRunnersSet':
    case 'TeamLabelPatternsSet':
      return fact.data.teamId;
    default:
      return undefined;
  }
};

export const userAfter = (
  row: UserAccountRow | undefined,
  fact: MembershipFact,
): UserAccountRow | undefined => {
  if (row && fact.position <= row.position) return row;
  if (fact.type !== 'UserCreated') return row;
  const { userId, email, displayName, isAdmin, canUseJit, canUseRegistrationToken, createdAt } = fact.data;
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
    position: fact.position,
  };
};

export const teamAfter = (row: TeamRow | undefined, fact: MembershipFact): TeamRow | undefined => {
  if (row && fact.position <= row.position) return row;
  switch (fact.type) {
    case 'TeamCreated': {
      const { teamId, name, description, requiredLabels, labelPatterns, runnerGroupIds, maxRunners } =
        fact.data;
      return {
        id: teamId,
        name,
        description: description ?? null,
        requiredLabels,
        labelPatterns,
        runnerGroupIds,
        maxRunners: maxRunners ?? null,
        isActive: true,
        createdAt: new Date(fact.data.createdAt),
        position: fact.position,
      };
    }
    case 'TeamMaxRunnersSet':
      return row && { ...row, maxRunners: fact.data.maxRunners ?? null, position: fact.position };
    case 'TeamLabelPatternsSet':
      return row && { ...row, labelPatterns: fact.data.labelPatterns, position: fact.position };
    default:
      return row;
  }
};

const bindIdentities = async (em: EntityManager, facts: readonly MembershipFact[]) => {
  const bound = facts.flatMap((fact) => (fact.type === 'UserIdentityBound' ? [fact.data] : []));
  const rows = new Map(
    bound.map(({ issuer, subject, userId }) => [`${issuer}|${subject}`, { issuer, subject, userId }]),
  );
  if (rows.size > 0) await em.upsertMany(Identity, [...rows.values()], { disableIdentityMap: true });
};

const addMembers = async (em: EntityManager, facts: readonly MembershipFact[]) => {
  const added = facts.flatMap((fact) => (fact.type === 'TeamMemberAdded' ? [fact.data] : []));
  const rows = new Map(
    added.map(({ teamId, userId, addedAt }) => [
      `${teamId}/${userId}`,
      { teamId, userId, addedAt: new Date(addedAt) },
    ]),
  );
  if (rows.size > 0) await em.upsertMany(TeamMember, [...rows.values()], { disableIdentityMap: true });
};
