import { beforeEach, expect } from '@jest/globals';
import {
  type Caller,
  identityProviderEvent,
  machineClientEvent,
  type Recorded,
  teamEvent,
  trustRuleEvent,
  userEvent,
} from '#libs/contracts';
import { type Database, openDatabase } from '#libs/read-model';
import { onEachDatabase, recorded } from '#libs/testing';
import { displayIdentities, findActorIds } from './display-identity.js';
import { MachineClient } from './machine-client.entity.js';
import { membershipEntities } from './membership.entities.js';
import { membershipMigration } from './membership.migration.js';
import { membershipProjection } from './membership.projection.js';
import { Principals } from './principals.js';
import { Identity } from './user.entity.js';

const ISSUER = 'https://issuer.example';
const PIPELINES = 'https://pipelines.example';
const at = '2026-01-02T03:04:05.000Z';
const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const [ann, bob] = [id(1), id(2)] as const;
const [red, shop, provider, rule] = [id(3), id(4), id(5), id(6)] as const;

const rights = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false, createdAt: at };
const story = [
  userEvent('UserCreated')({ userId: ann, ...rights }),
  userEvent('UserIdentityBound')({ userId: ann, issuer: ISSUER, subject: 'ann', boundAt: at }),
  userEvent('UserCreated')({ userId: bob, email: 'bob@example.com', ...rights }),
  teamEvent('TeamCreated')({
    teamId: red,
    name: 'red',
    requiredLabels: [],
    labelPatterns: [],
    runnerGroupIds: [],
    createdAt: at,
  }),
  machineClientEvent('MachineClientRegistered')({
    machineClientId: shop,
    issuer: ISSUER,
    clientId: 'shop',
    teamId: red,
    registeredAt: at,
  }),
  identityProviderEvent('IdentityProviderRegistered')({
    identityProviderId: provider,
    name: 'Pipelines',
    issuer: PIPELINES,
    audiences: ['rts'],
    algorithms: ['RS256'],
    emailDomains: [],
    claims: {},
    registeredAt: at,
  }),
  trustRuleEvent('TrustRuleCreated')({
    trustRuleId: rule,
    name: 'Main branch',
    identityProviderId: provider,
    teamId: red,
    conditions: [{ claim: 'ref', equals: 'main' }],
    createdAt: at,
  }),
];
const facts: Recorded[] = story.map((event, index) => recorded(event, { position: index + 1 }));
const aRight = recorded(teamEvent('TeamMemberRemoved')({ teamId: red, userId: bob, removedAt: at }), {
  position: 100,
});
const aSighting = recorded(userEvent('UserLoggedIn')({ userId: ann, loggedInAt: at }), { position: 101 });

onEachDatabase('principals', ({ test, newAddress, closing }) => {
  let database: Database;
  let principals: Principals;
  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'access',
        entities: membershipEntities,
        migrations: [membershipMigration],
      }),
    );
    await database.em().transactional((em) => membershipProjection.apply(em, facts));
    principals = new Principals({ environmentIssuer: ISSUER });
  });

  const find = async (caller: Partial<Caller>): Promise<string> => {
    const whole = { issuer: ISSUER, subject: 'shop', emailVerified: false, ...caller };
    return principals.of(database.em(), whole).then(
      ({ userId }) => userId,
      ({ code }) => code,
    );
  };

  test('know a person until rights change, whoever signs in meanwhile', async () => {
    expect(await find({ subject: 'ann' })).toBe(ann);
    await database.em().nativeDelete(Identity, {});
    principals.forgetAfter([aSighting]);
    expect(await find({ subject: 'ann' })).toBe(ann);
    principals.forgetAfter([aSighting, aRight]);
    expect(await find({ subject: 'ann' })).toBe('user-not-authorized');
  });

  test('know a machine client until rights change', async () => {
    expect(await find({ clientId: 'shop' })).toBe(shop);
    await database.em().nativeDelete(MachineClient, {});
    expect(await find({ clientId: 'shop' })).toBe(shop);
    principals.forgetAfter([aRight]);
    expect(await find({ clientId: 'shop' })).toBe('user-not-authorized');
  });

  test('are found by what is shown of them, and by their ids', async () => {
    const shown = await displayIdentities(database.em(), [ann, bob, shop, rule]);
    expect([...shown.values()]).toEqual([
      `${ISSUER}|ann`,
      'bob@example.com',
      `${ISSUER}|shop`,
      'Main branch',
    ]);
    for (const [actorId, words] of shown) {
      expect(await findActorIds(database.em(), words)).toEqual([actorId]);
      expect(await findActorIds(database.em(), actorId)).toEqual([actorId]);
    }
    expect(await findActorIds(database.em(), `${ISSUER}|shop@clients`)).toEqual([shop]);
    expect(await findActorIds(database.em(), `${PIPELINES}|shop`)).toEqual([]);
  });

  test('take nobody for a machine client who only shares something with it', async () => {
    expect(await find({ clientId: 'shop' })).toBe(shop);
    expect(await find({ clientId: 'another' })).toBe('user-not-authorized');
    expect(await find({})).toBe('user-not-authorized');
    expect(await find({ clientId: 'shop', issuer: PIPELINES })).toBe('user-not-authorized');
    const invited = { email: 'bob@example.com', emailVerified: true };
    expect(await find({ clientId: 'shop', ...invited })).toBe(bob);
    expect(await find({ clientId: 'shop', ...invited, emailVerified: false })).toBe(shop);
  });

  test("know those of the environment's issuer, whatever became of a provider of the same name", async () => {
    const gone = identityProviderEvent('IdentityProviderRemoved')({
      identityProviderId: provider,
      removedAt: at,
    });
    const facts = [recorded(gone, { position: 50 })];
    await database.em().transactional((em) => membershipProjection.apply(em, facts));
    const pia = { issuer: PIPELINES, subject: 'pia', userId: bob };
    await database.em().insert(Identity, pia);
    expect(await find(pia)).toBe('user-not-authorized');
    principals = new Principals({ environmentIssuer: PIPELINES });
    expect(await find(pia)).toBe(bob);
  });

  test('look at the claims of each token that a trust rule admits', async () => {
    const pipeline = { issuer: PIPELINES, subject: 'repo:octo-org/shop' };
    expect(await find({ ...pipeline, claims: { ref: 'main' } })).toBe(rule);
    expect(await find({ ...pipeline, claims: { ref: 'theirs' } })).toBe('user-not-authorized');
  });
});
