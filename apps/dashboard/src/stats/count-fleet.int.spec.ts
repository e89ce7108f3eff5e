import { beforeEach, expect, it } from '@jest/globals';
import { MachineClient, membershipEntities, membershipMigration, Team, UserAccount } from '#libs/access';
import type { RunnerState, RunnerStatus } from '#libs/contracts';
import { type Database, openDatabase, saveRows } from '#libs/read-model';
import { onEachDatabase } from '#libs/testing';
import { packLabels, Runner } from '../fleet/runner.entity.js';
import { runnerMigration } from '../fleet/runner.migration.js';
import { countFleet } from './count-fleet.js';
import { liveRunnersMigration } from './live-runners.migration.js';

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const at = new Date('2026-01-16T15:30:00.000Z');
const [red, blue, idle] = [id(901), id(902), id(903)];
const STATE: Record<RunnerStatus, RunnerState> = {
  pending: 'pending',
  active: 'busy',
  offline: 'offline',
  deleted: 'deleted',
};

let serial = 0;
const runners = (amount: number, status: RunnerStatus, teamId: string | null) =>
  Array.from({ length: amount }, () => {
    serial += 1;
    return {
      id: id(serial),
      name: `runner-${serial}`,
      nameKey: `runner-${serial}`,
      state: STATE[status],
      stateBefore: null,
      status,
      githubRunnerId: serial,
      runnerGroupId: 1,
      labels: packLabels(['linux']),
      ephemeral: true,
      provisioningMethod: 'jit',
      provisionedBy: id(1),
      teamId,
      organization: 'acme',
      createdAt: at,
      updatedAt: at,
      registeredAt: null,
      lastSeenAt: null,
      deletedAt: null,
      deletionReason: null,
      currentJob: null,
      createdPosition: BigInt(serial),
      position: BigInt(serial),
    };
  });
const made = { createdAt: at, createdByUserId: null, createdByApp: null, position: 1n };
const team = (teamId: string | undefined, name: string, more: object = {}) => ({
  ...made,
  id: teamId,
  name,
  description: null,
  requiredLabels: [],
  labelPatterns: [],
  runnerGroupIds: [],
  maxRunners: null,
  isActive: true,
  updatedAt: at,
  deactivatedAt: null,
  deactivatedByUserId: null,
  deactivationReason: null,
  ...more,
});
const user = (n: number, isActive: boolean, isAdmin: boolean) => ({
  ...made,
  id: id(n),
  email: null,
  emailKey: null,
  displayName: null,
  isAdmin,
  isActive,
  canUseJit: true,
  canUseRegistrationToken: false,
  updatedAt: at,
  lastLoginAt: null,
});
const client = (n: number, isActive: boolean, isRemoved: boolean) => ({
  ...made,
  id: id(n),
  issuer: 'https://issuer.example',
  clientId: `client-${n}`,
  teamId: red,
  description: null,
  isActive,
  isRemoved,
  lastUsedAt: null,
});

onEachDatabase('the counts of the fleet', ({ kind, test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'dashboard',
        entities: [...membershipEntities, Runner],
        migrations: [membershipMigration, runnerMigration, liveRunnersMigration],
      }),
    );
  });

  test('are nothing where there is nothing', async () => {
    expect(await countFleet(database.em())).toEqual({
      runners: { total: 0, byStatus: { pending: 0, active: 0, offline: 0, deleted: 0 }, byTeam: [] },
      users: { total: 0, active: 0, admins: 0 },
      teams: { total: 0, active: 0 },
      machineClients: { total: 0, active: 0 },
    });
  });

  test('are of runners by status and team, the largest team first, and of whoever may have them', async () => {
    await database.em().transactional(async (em) => {
      await saveRows(em, Runner, [
        ...runners(1, 'pending', red ?? null),
        ...runners(2, 'active', red ?? null),
        ...runners(7, 'deleted', red ?? null),
        ...runners(4, 'offline', blue ?? null),
        ...runners(1, 'active', null),
        ...runners(2, 'deleted', idle ?? null),
        ...runners(2, 'pending', id(999)),
      ]);
      await saveRows(em, Team, [
        team(red, 'red', { maxRunners: 5 }),
        team(blue, 'blue', { isActive: false }),
        team(idle, 'idle', { maxRunners: 1 }),
      ]);
      await saveRows(em, UserAccount, [
        user(1, true, true),
        user(2, true, false),
        user(3, false, true),
        user(4, false, false),
      ]);
      await saveRows(em, MachineClient, [
        client(1, true, false),
        client(2, false, false),
        client(3, false, true),
      ]);
    });
    expect(await countFleet(database.em())).toEqual({
      runners: {
        total: 19,
        byStatus: { pending: 3, active: 3, offline: 4, deleted: 9 },
        byTeam: [
          { teamId: blue, teamName: 'blue', pending: 0, active: 0, offline: 4 },
          { teamId: red, teamName: 'red', pending: 1, active: 2, offline: 0, limit: 5 },
          // whose team the rows do not know yet
          { teamId: id(999), pending: 2, active: 0, offline: 0 },
          { pending: 0, active: 1, offline: 0 },
        ],
      },
      users: { total: 4, active: 2, admins: 1 },
      teams: { total: 3, active: 2 },
      machineClients: { total: 2, active: 1 },
    });
  });

  // PostgreSQL reads a small table whole, whatever its indexes are
  (kind === 'sqlite' ? it : it.skip)('read no runner', async () => {
    const planOf = async (sql: string) => {
      const steps = await database.em().execute<{ detail: string }[]>(`explain query plan ${sql}`);
      return steps.map(({ detail }) => detail).join('; ');
    };
    const live = "select team_id, count(*) filter (where status = 'x') from runner where status <> 'deleted'";
    expect(await planOf(`${live} group by team_id`)).toContain('USING COVERING INDEX runner_live');
    expect(await planOf("select count(*) from runner where status = 'deleted'")).toContain(
      'USING COVERING INDEX runner_status',
    );
  });
});
