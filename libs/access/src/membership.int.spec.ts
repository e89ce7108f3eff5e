import { beforeEach, expect } from '@jest/globals';
import { defineEntity, p } from '@mikro-orm/core';
import {
  type Caller,
  type Recorded,
  type TeamEvent,
  teamEvent,
  type UserEvent,
  userEvent,
} from '#libs/contracts';
import { type Database, type MigrationDefinition, openDatabase } from '#libs/read-model';
import { onEachDatabase, recorded } from '#libs/testing';
import {
  callerProblem,
  displayIdentities,
  findPrincipal,
  findUserIds,
  Identity,
  type Member,
  may,
  membershipEntities,
  membershipMigration,
  membershipProjection,
  Team,
  visibleRecords,
  visibleRunners,
} from './index.js';

const ISSUER = 'https://issuer.example';
const at = '2026-01-02T03:04:05.000Z';
const id = (digit: number) => `00000000-0000-4000-8000-00000000000${digit}`;
const [ann, bob, cleo, red, blue] = [id(1), id(2), id(3), id(4), id(5)] as [
  string,
  string,
  string,
  string,
  string,
];

const user = (userId: string, email?: string) =>
  userEvent('UserCreated')({
    userId,
    ...(email ? { email } : {}),
    isAdmin: false,
    canUseJit: true,
    canUseRegistrationToken: false,
    createdAt: at,
  });
const team = (teamId: string, name: string) =>
  teamEvent('TeamCreated')({
    teamId,
    name,
    requiredLabels: ['red'],
    labelPatterns: ['linux'],
    runnerGroupIds: [],
    maxRunners: 3,
    createdAt: at,
  });

const story: (TeamEvent | UserEvent)[] = [
  user(ann, 'Ann@Example.com'),
  user(bob, 'bob@example.com'),
  user(cleo),
  userEvent('UserIdentityBound')({ userId: bob, issuer: ISSUER, subject: 'b-1', boundAt: at }),
  userEvent('UserIdentityBound')({
    userId: cleo,
    issuer: 'https://other.example',
    subject: 'c|1',
    boundAt: at,
  }),
  team(red, 'red'),
  team(blue, 'blue'),
  teamEvent('TeamMemberAdded')({ teamId: red, userId: ann, addedAt: at }),
  teamEvent('TeamMemberAdded')({ teamId: blue, userId: ann, addedAt: at }),
  teamEvent('TeamMemberAdded')({ teamId: red, userId: bob, addedAt: at }),
  teamEvent('TeamMaxRunnersSet')({ teamId: red, setAt: at }),
  teamEvent('TeamLabelPatternsSet')({ teamId: red, labelPatterns: ['gpu-.*'], setAt: at }),
];
const facts: Recorded[] = story.map((event, index) => recorded(event, { position: index + 1 }));

const ownedMigration: MigrationDefinition = {
  name: 'owned-1',
  up: () => [
    'create table owned (id text primary key, team_id text, provisioned_by text, runner_owner_id text, actor_user_id text)',
  ],
};
const Owned = defineEntity({
  name: 'Owned',
  tableName: 'owned',
  properties: {
    id: p.string().primary(),
    teamId: p.string().nullable(),
    provisionedBy: p.string().nullable(),
    runnerOwnerId: p.string().nullable(),
    actorUserId: p.string().nullable(),
  },
});

onEachDatabase('membership', ({ test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'access',
        entities: [...membershipEntities, Owned],
        migrations: [membershipMigration, ownedMigration],
      }),
    );
    await database.em().transactional((em) => membershipProjection.apply(em, facts));
  });

  const find = (caller: Partial<Caller>) =>
    findPrincipal(
      database.em(),
      { issuer: ISSUER, subject: 'unknown', emailVerified: false, ...caller },
      { environmentIssuer: ISSUER },
    );

  test('finds a user by issuer and subject, with the teams as they are now', async () => {
    expect(await find({ subject: 'b-1' })).toEqual({
      kind: 'user',
      userId: bob,
      email: 'bob@example.com',
      displayName: undefined,
      isAdmin: false,
      canUseJit: true,
      canUseRegistrationToken: false,
      isActive: true,
      teams: [
        {
          id: red,
          name: 'red',
          requiredLabels: ['red'],
          labelPatterns: ['gpu-.*'],
          runnerGroupIds: [],
          maxRunners: undefined,
          isActive: true,
        },
      ],
    });
  });

  test('finds a user who has never logged in by an e-mail the environment’s issuer has verified', async () => {
    expect(await find({ email: 'ann@example.COM', emailVerified: true })).toMatchObject({
      userId: ann,
      teams: [{ name: 'blue' }, { name: 'red' }],
    });
  });

  test('finds nobody by an e-mail that is not verified, of another issuer, or of a user who is bound', async () => {
    expect(await find({ email: 'ann@example.com', emailVerified: false })).toBeUndefined();
    const stranger = { issuer: 'https://other.example', email: 'ann@example.com', emailVerified: true };
    expect(await find(stranger)).toBeUndefined();
    expect(await find({ email: 'bob@example.com', emailVerified: true })).toBeUndefined();
    expect(callerProblem(undefined)).toMatchObject({ code: 'user-not-authorized' });
  });

  test('finds whoever is being bound at this moment', async () => {
    const bound = recorded(
      userEvent('UserIdentityBound')({ userId: ann, issuer: ISSUER, subject: 'a-1', boundAt: at }),
      { position: 100 },
    );
    for (let turns = 0; turns < 60; turns++) {
      const looking = find({ subject: 'a-1', email: 'ann@example.com', emailVerified: true });
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      await database.em().transactional((em) => membershipProjection.apply(em, [bound]));
      expect(await looking).toMatchObject({ userId: ann });
      await database.em().nativeDelete(Identity, { userId: ann });
    }
  });

  test('changes nothing when the facts come again, all or some', async () => {
    const before = await database.em().find(Team, {}, { orderBy: { name: 'asc' } });
    for (const repeated of [facts, facts.slice(5, 6), facts.slice(0, 8)]) {
      await database.em().transactional((em) => membershipProjection.apply(em, repeated));
    }
    expect(await database.em().find(Team, {}, { orderBy: { name: 'asc' } })).toEqual(before);
  });

  test('shows users by e-mail, else by issuer and subject, and finds them by either', async () => {
    expect([...(await displayIdentities(database.em(), [ann, cleo, id(8)]))]).toEqual([
      [ann, 'Ann@Example.com'],
      [cleo, 'https://other.example|c|1'],
      [id(8), id(8)],
    ]);
    expect(await findUserIds(database.em(), 'ANN@example.com')).toEqual([ann]);
    expect(await findUserIds(database.em(), `${ISSUER}|b-1`)).toEqual([bob]);
    expect(await findUserIds(database.em(), 'https://other.example|c|1')).toEqual([cleo]);
    expect(await findUserIds(database.em(), 'nobody@example.com')).toEqual([]);
  });

  test('selects exactly the rows that may() lets a caller see', async () => {
    const owners = [null, ann, bob];
    const rows = [null, red, blue].flatMap((teamId) =>
      owners.flatMap((owner) =>
        owners.map((actorUserId) => ({
          id: `${teamId}/${owner}/${actorUserId}`,
          teamId,
          provisionedBy: owner,
          runnerOwnerId: owner,
          actorUserId,
        })),
      ),
    );
    await database.em().upsertMany(Owned, rows);
    const callers: Member[] = [
      { userId: ann, isAdmin: false, isActive: true, teams: [{ id: red }] },
      { userId: bob, isAdmin: false, isActive: true, teams: [] },
      { userId: ann, isAdmin: false, isActive: false, teams: [{ id: red }] },
      { userId: bob, isAdmin: true, isActive: true, teams: [] },
    ];
    const idsWhere = async (condition: object) =>
      (await database.em().find(Owned, condition)).map((row) => row.id).sort();
    for (const caller of callers) {
      const seen = rows.filter((row) => may(caller, 'runner.see', row)).map((row) => row.id);
      expect(await idsWhere(visibleRunners(caller))).toEqual(seen.sort());
      const records = rows.filter((row) => may(caller, 'auditRecord.see', row)).map((row) => row.id);
      expect(await idsWhere(visibleRecords(caller))).toEqual(records.sort());
    }
  });
});
