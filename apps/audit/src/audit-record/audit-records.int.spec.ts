import { beforeEach, expect } from '@jest/globals';
import {
  membershipEntities,
  membershipMigration,
  membershipProjection,
  type Principal,
  visibleRecords,
} from '#libs/access';
import {
  type Actor,
  type Fact,
  type Recorded,
  runnerEvent,
  type SearchAuditRecords,
  searchAuditRecordsSchema,
  securityEvent,
  teamEvent,
  userEvent,
} from '#libs/contracts';
import { type Database, openDatabase } from '#libs/read-model';
import { onEachDatabase, recorded } from '#libs/testing';
import { findRecords } from '../record/find-records.js';
import { AuditedRunner, AuditRecord, type AuditRecordRow } from './audit-record.entity.js';
import { auditRecordMigration } from './audit-record.migration.js';
import { auditRecordProjection } from './audit-record.projection.js';
import { auditRecordViews } from './audit-record-views.js';

const ISSUER = 'https://issuer.example';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [ann, bob, red, annsRunner, redsRunner] = [id(1), id(2), id(3), id(4), id(5)] as [
  string,
  string,
  string,
  string,
  string,
];
const at = '2026-01-01T00:00:00.000Z';
const userActor = (userId: string): Actor => ({ kind: 'user', issuer: ISSUER, subject: userId, userId });
const github: Actor = { kind: 'github' };
const sync: Actor = { kind: 'service', app: 'sync' };

const user = (userId: string, email?: string) =>
  userEvent('UserCreated')({
    userId,
    isAdmin: false,
    canUseJit: true,
    canUseRegistrationToken: true,
    createdAt: at,
    ...(email ? { email } : {}),
  });
const runnerFact = (runnerId: string) => ({
  runnerId,
  scope: { kind: 'org' as const, login: 'acme' },
  installationId: 1,
});
const requested = (runnerId: string, runnerName: string, provisionedBy: string, teamId?: string) =>
  runnerEvent('RunnerProvisioningRequested')({
    ...runnerFact(runnerId),
    runnerName,
    provisioningMethod: 'jit',
    labels: ['linux'],
    runnerGroupId: 1,
    workFolder: '_work',
    ephemeral: true,
    disableUpdate: false,
    provisionedBy,
    requestedAt: at,
    ...(teamId ? { teamId } : {}),
  });
const issued = (runnerId: string) =>
  runnerEvent('RunnerJitConfigIssued')({
    ...runnerFact(runnerId),
    githubRunnerId: 42,
    labels: ['linux'],
    jitConfigSha256: 'a'.repeat(64),
    expiresAt: at,
    issuedAt: at,
  });

const story: [Fact, Actor][] = [
  [user(ann, 'Ann@example.com'), sync],
  [user(bob), sync],
  [
    teamEvent('TeamCreated')({
      teamId: red,
      name: 'red',
      requiredLabels: [],
      labelPatterns: [],
      runnerGroupIds: [],
      createdAt: at,
    }),
    sync,
  ],
  [requested(annsRunner, 'ann-100%', ann), userActor(ann)],
  [issued(annsRunner), userActor(ann)],
  [runnerEvent('RunnerCameOnline')({ ...runnerFact(annsRunner), busy: false, seenAt: at }), sync],
  [requested(redsRunner, 'Red-1', bob, red), userActor(bob)],
  [issued(redsRunner), userActor(bob)],
  [runnerEvent('RunnerDeleted')({ ...runnerFact(redsRunner), reason: 'vanished', deletedAt: at }), github],
  [
    securityEvent('ProvisioningRefused')({
      code: 'label-not-permitted',
      detail: 'The label gpu is not permitted.',
      runnerName: 'refused-1',
      labels: ['gpu'],
      teamId: red,
      members: {},
      refusedAt: at,
    }),
    userActor(bob),
  ],
  [
    securityEvent('AccessRefused')({ code: 'token-expired', detail: 'Expired.', refusedAt: at }),
    { kind: 'service', app: 'gateway' },
  ],
];
const facts: Recorded<Fact>[] = story.map(([event, actor], index) =>
  recorded(event, { position: index + 1, actor }),
);

const principal = (userId: string, { isAdmin = false, teams = [] as string[] } = {}): Principal => ({
  kind: 'user',
  userId,
  email: undefined,
  displayName: undefined,
  isAdmin,
  canUseJit: true,
  canUseRegistrationToken: true,
  isActive: true,
  teams: teams.map((teamId) => ({
    id: teamId,
    name: teamId,
    requiredLabels: [],
    labelPatterns: [],
    runnerGroupIds: [],
    maxRunners: undefined,
    isActive: true,
  })),
});
/** Not what Ann did without a team. */
const ofRed = (type: string) => !['5 provision_jit', '6 online'].includes(type);
const admin = principal(id(9), { isAdmin: true });

onEachDatabase('audit records', ({ test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'audit',
        entities: [...membershipEntities, AuditRecord, AuditedRunner],
        migrations: [membershipMigration, auditRecordMigration],
      }),
    );
    await database.em().transactional((em) => membershipProjection.apply(em, facts));
  });

  const apply = (some: readonly Recorded[]) =>
    database.em().transactional((em) => auditRecordProjection.apply(em, some));
  const search = async (who: Principal, given: Partial<SearchAuditRecords> = {}) => {
    const em = database.em();
    const { rows, total } = await findRecords<AuditRecordRow>(em, searchAuditRecordsSchema.parse(given), {
      entity: AuditRecord,
      conditions: [visibleRecords(who)],
      texts: ['runner_name', 'event_type', 'error_message'],
    });
    const logs = await auditRecordViews(em, rows, who);
    return { logs, total, types: logs.map(({ position, eventType }) => `${position} ${eventType}`) };
  };

  test('has one record per operation, however the facts are split and repeated', async () => {
    await apply(facts);
    const expected = await search(admin);
    expect(expected.types).toEqual([
      '11 access_refused',
      '10 provision_refused',
      '9 deleted',
      '8 provision_jit',
      '6 online',
      '5 provision_jit',
      '3 team_created',
      '2 user_created',
      '1 user_created',
    ]);
    for (const repeated of [facts, facts.slice(4, 6), facts.slice(7)]) await apply(repeated);
    expect(await search(admin)).toEqual(expected);

    await database.em().nativeDelete(AuditRecord, {});
    await database.em().nativeDelete(AuditedRunner, {});
    for (const fact of facts) await apply([fact]);
    expect(await search(admin)).toEqual(expected);
  });

  test('shows a token of a trust rule what its teams did, not what others by the same rule did', async () => {
    await apply(facts);
    const byRule = (...teams: string[]): Principal => ({
      ...principal(bob, { teams }),
      kind: 'machine',
      machine: { trustRuleId: bob },
    });
    expect((await search(byRule(red))).types).toEqual(
      (await search(principal(ann, { teams: [red] }))).types.filter(ofRed),
    );
    expect((await search(byRule(id(8)))).types).toEqual([]);
    expect((await search(byRule())).types).toEqual([]);
  });

  test('tells where administrators acted from to administrators alone', async () => {
    const root = id(9);
    const more: [Fact, Actor][] = [
      [user(root), sync],
      [userEvent('UserBecameAdmin')({ userId: root, becameAdminAt: at }), sync],
      [teamEvent('TeamDescriptionSet')({ teamId: red, description: 'x', setAt: at }), userActor(root)],
      [teamEvent('TeamDescriptionSet')({ teamId: red, description: 'y', setAt: at }), { kind: 'cli' }],
      [teamEvent('TeamDescriptionSet')({ teamId: red, description: 'z', setAt: at }), userActor(bob)],
    ];
    const circumstances = { requestIp: '192.0.2.7', userAgent: 'spec/1' };
    const later = more.map(([event, actor], index) => {
      const fact = recorded(event, { position: 100 + index, actor });
      return { ...fact, metadata: { ...fact.metadata, ...circumstances } };
    });
    await database.em().transactional((em) => membershipProjection.apply(em, later));
    await apply(later);
    const shownTo = async (who: Principal) =>
      (await search(who, { team: 'red', eventType: 'team_updated' })).logs.map(
        ({ position, requestIp, userAgent }) => ({ position, requestIp, userAgent }),
      );
    const everything = ['104', '103', '102'].map((position) => ({ position, ...circumstances }));
    expect(await shownTo(admin)).toEqual(everything);
    expect(await shownTo(principal(ann, { teams: [red] }))).toEqual([
      { position: '104', ...circumstances },
      { position: '103' },
      { position: '102' },
    ]);
  });

  test('shows people and teams by name', async () => {
    await apply(facts);
    const { logs } = await search(admin);
    expect(logs.map(({ userIdentity }) => userIdentity)).toEqual([
      'gateway',
      `${ISSUER}|${bob}`,
      'github',
      `${ISSUER}|${bob}`,
      'sync',
      'Ann@example.com',
      'sync',
      'sync',
      'sync',
    ]);
    expect(logs[3]).toMatchObject({
      runnerId: redsRunner,
      runnerName: 'Red-1',
      teamId: red,
      teamName: 'red',
      oidcIssuer: ISSUER,
      oidcSub: bob,
      success: true,
      eventData: { github_runner_id: 42, jit_config_sha256: 'a'.repeat(64) },
    });
    expect(logs[1]).toMatchObject({
      success: false,
      runnerName: 'refused-1',
      errorMessage: 'The label gpu is not permitted.',
    });
  });

  test('lets everybody see what concerns them and nothing else', async () => {
    await apply(facts);
    const forAnn = await search(principal(ann));
    expect(forAnn.types).toEqual(['6 online', '5 provision_jit']);
    expect(forAnn.total).toBe(2);
    expect((await search(principal(ann, { teams: [red] }))).types).toEqual([
      '10 provision_refused',
      '9 deleted',
      '8 provision_jit',
      '6 online',
      '5 provision_jit',
      '3 team_created',
    ]);
    expect((await search(principal(bob))).types).toEqual(['10 provision_refused', '8 provision_jit']);
    expect((await search(principal(id(8)))).types).toEqual([]);
  });

  test('finds by every filter, and counts after filtering', async () => {
    await apply(facts);
    const cases: [Partial<SearchAuditRecords>, string[]][] = [
      [{ eventType: 'provision' }, ['8 provision_jit', '5 provision_jit']],
      [{ eventType: 'online' }, ['6 online']],
      [{ userIdentity: 'ANN@example.com' }, ['5 provision_jit']],
      [{ userIdentity: `${ISSUER}|${bob}` }, ['10 provision_refused', '8 provision_jit']],
      [{ userIdentity: 'github' }, ['9 deleted']],
      [{ userIdentity: 'gateway' }, ['11 access_refused']],
      [{ userIdentity: 'nobody@example.com' }, []],
      [{ team: 'red' }, ['10 provision_refused', '9 deleted', '8 provision_jit', '3 team_created']],
      [{ team: red, eventType: 'deleted' }, ['9 deleted']],
      [{ team: 'green' }, []],
      [{ severity: 'high' }, ['10 provision_refused', '2 user_created', '1 user_created']],
      [{ severity: 'low' }, ['11 access_refused']],
      [{ severity: 'critical' }, []],
      [{ runnerId: annsRunner }, ['6 online', '5 provision_jit']],
      [{ since: '2026-01-01T00:00:00.010Z' }, ['11 access_refused', '10 provision_refused']],
      [{ until: '2026-01-01T00:00:00.002Z' }, ['2 user_created', '1 user_created']],
      [{ q: 'RED-' }, ['9 deleted', '8 provision_jit']],
      [{ q: 'GPU' }, ['10 provision_refused']],
      [{ q: '100%' }, ['6 online', '5 provision_jit']],
      [{ q: '_created' }, ['3 team_created', '2 user_created', '1 user_created']],
    ];
    for (const [filter, types] of cases) {
      const found = await search(admin, filter);
      expect({ filter, types: found.types, total: found.total }).toEqual({
        filter,
        types,
        total: types.length,
      });
    }
  });

  test('pages by place in the log, so that new records shift nothing', async () => {
    await apply(facts);
    const first = await search(admin, { limit: 3 });
    expect(first).toMatchObject({
      types: ['11 access_refused', '10 provision_refused', '9 deleted'],
      total: 9,
    });
    const second = await search(admin, { limit: 2, before: '9' });
    expect(second).toMatchObject({ types: ['8 provision_jit', '6 online'], total: 9 });
    expect((await search(admin, { limit: 2, offset: 7 })).types).toEqual([
      '2 user_created',
      '1 user_created',
    ]);
  });
});
