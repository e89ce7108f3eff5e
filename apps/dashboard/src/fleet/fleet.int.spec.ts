import { beforeEach, expect } from '@jest/globals';
import {
  findPrincipal,
  membershipEntities,
  membershipMigration,
  membershipProjection,
  type Principal,
} from '#libs/access';
import {
  type ListRunners,
  listRunnersSchema,
  type Recorded,
  type RunnerEvent,
  runnerEvent,
  teamEvent,
  userEvent,
} from '#libs/contracts';
import { type Database, openDatabase } from '#libs/read-model';
import { onEachDatabase, recorded } from '#libs/testing';
import { fleetProjection } from './fleet.projection.js';
import { Runner } from './runner.entity.js';
import { runnerMigration } from './runner.migration.js';
import { runnerViews } from './runner-views.js';
import { countRunners, searchRunners } from './search-runners.js';

const ISSUER = 'https://issuer.example';
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const [root, ann, bob, red, blue] = [id(901), id(902), id(903), id(904), id(905)] as [
  string,
  string,
  string,
  string,
  string,
];
const minute = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

const tenants = [
  ...[root, ann, bob].map((userId) =>
    userEvent('UserCreated')({
      userId,
      isAdmin: userId === root,
      canUseJit: true,
      canUseRegistrationToken: true,
      createdAt: minute(0),
      ...(userId === bob ? {} : { email: userId === ann ? 'Ann@example.com' : 'root@example.com' }),
    }),
  ),
  ...[root, ann, bob].map((userId) =>
    userEvent('UserIdentityBound')({ userId, issuer: ISSUER, subject: userId, boundAt: minute(0) }),
  ),
  ...[red, blue].map((teamId) =>
    teamEvent('TeamCreated')({
      teamId,
      name: teamId === red ? 'red' : 'blue',
      requiredLabels: [],
      labelPatterns: [],
      runnerGroupIds: [],
      createdAt: minute(0),
    }),
  ),
  teamEvent('TeamMemberAdded')({ teamId: red, userId: ann, addedAt: minute(0) }),
];

type Given = {
  name: string;
  by?: string;
  teamId?: string;
  labels?: string[];
  ephemeral?: boolean;
  steps?: ('issued' | 'online' | 'started' | 'completed' | 'deleted' | 'failed')[];
};

/** The facts of one runner; `n` makes its id and its minute. */
const storyOf = (
  n: number,
  { name, by = ann, teamId, labels = ['linux'], ephemeral = true, steps = [] }: Given,
) => {
  const fact = { runnerId: id(n), scope: { kind: 'org' as const, login: 'acme' }, installationId: 7 };
  const job = {
    jobId: n,
    runId: n,
    runAttempt: 1,
    repository: 'acme/shop',
    workflowName: null,
    jobName: 'test',
    htmlUrl: 'https://github.com/acme/shop',
  };
  const later: Record<NonNullable<Given['steps']>[number], RunnerEvent> = {
    issued: runnerEvent('RunnerJitConfigIssued')({
      ...fact,
      githubRunnerId: 4_000_000_000 + n,
      labels,
      jitConfigSha256: 'a'.repeat(64),
      expiresAt: minute(n + 60),
      issuedAt: minute(n),
    }),
    online: runnerEvent('RunnerCameOnline')({ ...fact, busy: false, seenAt: minute(n) }),
    started: runnerEvent('RunnerStartedWorkflowJob')({
      ...fact,
      job,
      queuedAt: minute(n),
      startedAt: minute(n),
    }),
    completed: runnerEvent('RunnerCompletedWorkflowJob')({
      ...fact,
      job,
      conclusion: 'success',
      startedAt: minute(n),
      completedAt: minute(n),
    }),
    deleted: runnerEvent('RunnerDeleted')({ ...fact, reason: 'job-completed', deletedAt: minute(n) }),
    failed: runnerEvent('RunnerProvisioningFailed')({
      ...fact,
      reason: 'github-timeout',
      failedAt: minute(n),
    }),
  };
  const requested = runnerEvent('RunnerProvisioningRequested')({
    ...fact,
    runnerName: name,
    provisioningMethod: 'jit',
    labels,
    runnerGroupId: 1,
    workFolder: '_work',
    ephemeral,
    disableUpdate: false,
    provisionedBy: by,
    requestedAt: minute(n),
    ...(teamId ? { teamId } : {}),
  });
  return [requested, ...steps.map((step) => later[step])];
};

const fleet: Given[] = [
  { name: 'ann-own', steps: ['issued'] },
  { name: 'ann-red', teamId: red, labels: ['linux', 'gpu'], steps: ['issued', 'online'] },
  {
    name: 'bob-red',
    by: bob,
    teamId: red,
    labels: ['linux', 'gpu-a100', 'v1.2'],
    steps: ['issued', 'started'],
  },
  { name: 'bob-blue', by: bob, teamId: blue, ephemeral: false, steps: ['issued', 'online'] },
  { name: 'bob_own', by: bob },
  { name: 'Gone', steps: ['issued', 'started', 'completed', 'deleted'] },
  { name: 'never', steps: ['failed'] },
];
const runnerFacts: Recorded<RunnerEvent>[] = fleet
  .flatMap((given, index) => storyOf(index + 1, given))
  .map((event, index) => recorded(event, { position: 100 + index, stream: `runner-${event.data.runnerId}` }));
const tenantFacts = tenants.map((event, index) => recorded(event, { position: index + 1 }));

onEachDatabase('the fleet', ({ test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'dashboard',
        entities: [...membershipEntities, Runner],
        migrations: [membershipMigration, runnerMigration],
      }),
    );
    await database.em().transactional((em) => membershipProjection.apply(em, tenantFacts));
  });

  const apply = (facts: readonly Recorded[]) =>
    database.em().transactional((em) => fleetProjection.apply(em, facts));
  const rows = () => database.em().find(Runner, {}, { orderBy: { id: 'asc' } });
  const principalOf = async (userId: string): Promise<Principal> => {
    const caller = { issuer: ISSUER, subject: userId, emailVerified: false };
    const principal = await findPrincipal(database.em(), caller, { environmentIssuer: ISSUER });
    if (!principal) throw new Error(`no user ${userId}`);
    return principal;
  };
  const search = async (userId: string, given: Partial<ListRunners> = {}) => {
    const em = database.em();
    const found = await searchRunners(em, await principalOf(userId), listRunnersSchema.parse(given));
    return { names: found.rows.map(({ name }) => name), total: found.total };
  };

  test('has the same rows however its facts are split and repeated', async () => {
    await apply(runnerFacts);
    const expected = JSON.stringify(await rows(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const repeated of [runnerFacts, runnerFacts.slice(3, 9), runnerFacts.slice(0, 2)])
      await apply(repeated);
    const after = JSON.stringify(await rows(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(after).toEqual(expected);

    await database.em().nativeDelete(Runner, {});
    for (let start = 0, size = 1; start < runnerFacts.length; start += size, size = (size * 2) % 7 || 3) {
      await apply(runnerFacts.slice(start, start + size));
    }
    const rebuilt = JSON.stringify(await rows(), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(rebuilt).toEqual(expected);
  });

  test('shows a runner with people and teams by name', async () => {
    await apply(runnerFacts);
    const all = await runnerViews(database.em(), await rows(), { githubUrl: 'https://github.com/' });
    expect(all.map(({ runnerName, state, status }) => [runnerName, state, status])).toEqual([
      ['ann-own', 'pending', 'pending'],
      ['ann-red', 'idle', 'active'],
      ['bob-red', 'busy', 'active'],
      ['bob-blue', 'idle', 'active'],
      ['bob_own', 'requested', 'pending'],
      ['Gone', 'deleted', 'deleted'],
      ['never', 'failed', 'deleted'],
    ]);
    expect(all[2]).toEqual({
      runnerId: id(3),
      runnerName: 'bob-red',
      status: 'active',
      state: 'busy',
      githubRunnerId: 4_000_000_003,
      runnerGroupId: 1,
      labels: ['linux', 'gpu-a100', 'v1.2'],
      ephemeral: true,
      provisioningMethod: 'jit',
      provisionedBy: `${ISSUER}|${bob}`,
      teamId: red,
      teamName: 'red',
      githubUrl: 'https://github.com/acme',
      createdAt: minute(3),
      updatedAt: expect.any(String),
      registeredAt: minute(3),
      lastSeenAt: minute(3),
      currentJob: {
        runId: 3,
        runAttempt: 1,
        repository: 'acme/shop',
        workflowName: null,
        jobName: 'test',
        htmlUrl: 'https://github.com/acme/shop',
        startedAt: minute(3),
      },
    });
    expect(all[5]).toMatchObject({ provisionedBy: 'Ann@example.com', deletionReason: 'job-completed' });
    expect(all[5]).not.toHaveProperty('currentJob');
  });

  test('lets everybody see what is theirs, newest first, without the deleted', async () => {
    await apply(runnerFacts);
    const everything = ['bob_own', 'bob-blue', 'bob-red', 'ann-red', 'ann-own'];
    expect(await search(root)).toEqual({ names: everything, total: 5 });
    expect(await search(ann)).toEqual({ names: ['bob-red', 'ann-red', 'ann-own'], total: 3 });
    expect(await search(bob)).toEqual({ names: ['bob_own'], total: 1 });
  });

  test('counts by status what fits, whatever status is looked at', async () => {
    await apply(runnerFacts);
    const count = async (userId: string, given: Partial<ListRunners>) =>
      countRunners(database.em(), await principalOf(userId), listRunnersSchema.parse(given));
    expect(await count(ann, {})).toEqual({ pending: 1, active: 2, offline: 0, deleted: 2 });
    expect(await count(ann, { status: ['pending'], nameContains: 'red' })).toEqual({
      pending: 0,
      active: 2,
      offline: 0,
      deleted: 0,
    });
  });

  test('finds by every filter, and counts after filtering', async () => {
    await apply(runnerFacts);
    const cases: [Partial<ListRunners>, string[]][] = [
      [{ status: ['deleted'] }, ['never', 'Gone']],
      [{ status: ['pending', 'active'], ephemeral: false }, ['bob-blue']],
      [{ state: ['deleted', 'busy'] }, ['Gone', 'bob-red']],
      [{ teamName: 'red' }, ['bob-red', 'ann-red']],
      [{ teamId: blue }, ['bob-blue']],
      [{ teamName: 'green' }, []],
      [{ labels: ['gpu'] }, ['ann-red']],
      [{ labels: ['LINUX', 'v1.2'] }, ['bob-red']],
      [{ labels: ['v1_2'] }, []],
      [{ user: 'ann@EXAMPLE.com' }, ['ann-red', 'ann-own']],
      [{ user: `${ISSUER}|${bob}`, nameContains: 'RED' }, ['bob-red']],
      [{ user: 'nobody@example.com' }, []],
      [{ nameContains: '_' }, ['bob_own']],
      [{ nameContains: '%' }, []],
      [{ createdAfter: minute(3) }, ['bob_own', 'bob-blue']],
      [{ createdBefore: minute(2) }, ['ann-own']],
      [{ sort: 'runner_name', status: ['active'] }, ['ann-red', 'bob-blue', 'bob-red']],
      [{ sort: '-status', nameContains: 'bob' }, ['bob_own', 'bob-blue', 'bob-red']],
      [{ sort: 'created_at' }, ['ann-own', 'ann-red', 'bob-red', 'bob-blue', 'bob_own']],
    ];
    for (const [filter, names] of cases) {
      expect({ filter, ...(await search(root, filter)) }).toEqual({ filter, names, total: names.length });
    }
    expect(await search(root, { limit: 2, offset: 1 })).toEqual({ names: ['bob-blue', 'bob-red'], total: 5 });
  });
});
