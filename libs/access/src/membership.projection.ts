import {
  type Event,
  type IdentityProviderEvent,
  identityProviderEventSchemas,
  type MachineClientEvent,
  machineClientEventSchemas,
  type Recorded,
  type TeamEvent,
  type TrustRuleEvent,
  teamEventSchemas,
  trustRuleEventSchemas,
  type UserEvent,
  userEventSchemas,
} from '#libs/contracts';
import { type AnyEntity, type EntityManager, foldRows, type Projection } from '#libs/read-model';
import {
  IdentityProvider,
  type IdentityProviderRow,
  identityProviderAfter,
  identityProviderIdOf,
} from './identity-provider.entity.js';
import {
  MachineClient,
  type MachineClientRow,
  machineClientAfter,
  machineClientIdOf,
} from './machine-client.entity.js';
import { Team, TeamMember, type TeamRow, teamAfter, teamIdOf } from './team.entity.js';
import { TrustRule, type TrustRuleRow, trustRuleAfter, trustRuleIdOf } from './trust-rule.entity.js';
import { Identity, UserAccount, type UserAccountRow, userAfter, userIdOf } from './user.entity.js';

/** Who belongs where and how they prove it: in whichever app's database needs to know. */
export const membershipProjection: Projection = {
  name: 'membership',
  // the last one for its places in the log only: who has had GitHub looked at knows of one, and what they ask next
  // would wait in vain for rows to get there
  prefixes: ['team-', 'user-', 'machineClient-', 'identityProvider-', 'trustRule-', 'syncRun-'],
  apply: async (em, facts) => {
    const users = of<UserEvent>(userEventSchemas, facts);
    const teams = of<TeamEvent>(teamEventSchemas, facts);
    await fold<UserEvent, UserAccountRow>(em, UserAccount, users, userIdOf, userAfter);
    await bindIdentities(em, users);
    await fold<TeamEvent, TeamRow>(em, Team, teams, teamIdOf, teamAfter);
    await changeMembers(em, teams);
    await fold<MachineClientEvent, MachineClientRow>(
      em,
      MachineClient,
      of(machineClientEventSchemas, facts),
      machineClientIdOf,
      machineClientAfter,
    );
    await fold<IdentityProviderEvent, IdentityProviderRow>(
      em,
      IdentityProvider,
      of(identityProviderEventSchemas, facts),
      identityProviderIdOf,
      identityProviderAfter,
    );
    await fold<TrustRuleEvent, TrustRuleRow>(
      em,
      TrustRule,
      of(trustRuleEventSchemas, facts),
      trustRuleIdOf,
      trustRuleAfter,
    );
  },
};

/** The facts of one table of schemas; the codec has checked their shape. */
const of = <E extends Event>(schemas: Readonly<Record<E['type'], unknown>>, facts: readonly Recorded[]) =>
  facts.filter(({ type }) => Object.hasOwn(schemas, type)) as unknown as readonly Recorded<E>[];

const fold = <E extends Event, Row extends { id: string }>(
  em: EntityManager,
  entity: AnyEntity,
  facts: readonly Recorded<E>[],
  idOf: (fact: Recorded<E>) => string,
  after: (row: Row | undefined, fact: Recorded<E>) => Row | undefined,
) =>
  foldRows<Row>(em, facts, {
    entity,
    key: 'id',
    keyOf: (fact) => idOf(fact as Recorded<E>),
    evolve: (row, fact) => after(row, fact as Recorded<E>),
  });

const bindIdentities = async (em: EntityManager, facts: readonly Recorded<UserEvent>[]) => {
  const bound = facts.flatMap((fact) => (fact.type === 'UserIdentityBound' ? [fact.data] : []));
  const rows = new Map(
    bound.map(({ issuer, subject, userId }) => [`${issuer}|${subject}`, { issuer, subject, userId }]),
  );
  if (rows.size > 0) await em.upsertMany(Identity, [...rows.values()], { disableIdentityMap: true });
};

/** Repeats end where the first time ended, because the last word about somebody decides. */
const changeMembers = async (em: EntityManager, facts: readonly Recorded<TeamEvent>[]) => {
  const added = new Map<string, { teamId: string; userId: string; addedAt: Date }>();
  const removed = new Map<string, { teamId: string; userId: string }>();
  for (const { type, data } of facts) {
    if (type !== 'TeamMemberAdded' && type !== 'TeamMemberRemoved') continue;
    const { teamId, userId } = data;
    const key = `${teamId}/${userId}`;
    added.delete(key);
    removed.delete(key);
    if (type === 'TeamMemberAdded') added.set(key, { teamId, userId, addedAt: new Date(data.addedAt) });
    else removed.set(key, { teamId, userId });
  }
  for (const member of removed.values()) await em.nativeDelete(TeamMember, member);
  if (added.size > 0) await em.upsertMany(TeamMember, [...added.values()], { disableIdentityMap: true });
};
