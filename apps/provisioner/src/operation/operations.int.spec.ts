import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import { streams, userEvent } from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import { DeactivateTeamHandler } from '../team/deactivate-team.handler.js';
import { DeactivateTeam } from '../team/team.messages.js';
import { askedBy, codeOf, ROOT, type TenancyReplica, tenancyReplica, until } from '../testing/tenancy.js';
import { BatchTargets } from './batch-targets.js';
import { GetOperationHandler } from './get-operation.query.js';
import { GetOperation, RunBatch } from './operation.messages.js';
import { RunBatchHandler } from './run-batch.handler.js';

const AT = '2026-03-01T10:00:00.000Z';
const COMMENT = 'their credentials were stolen';
const SCOPE = { kind: 'org' as const, login: 'octo-org' };

// a machine may be busy with other things
jest.setTimeout(60_000);

onEachDatabase('operations', ({ test, newAddress }) => {
  let replica: TenancyReplica;

  beforeEach(async () => {
    replica = await tenancyReplica({ address: newAddress() });
  });
  afterEach(() => replica.view.onApplicationShutdown());

  const batch = (body: Partial<RunBatch['body']> & Pick<RunBatch['body'], 'action'>) => {
    const { tenancy, view, database, operations } = replica;
    const handler = new RunBatchHandler(tenancy, view, new BatchTargets(database), operations);
    const request = {
      operationId: randomUUID(),
      comment: COMMENT,
      all: false,
      includeAdmins: false,
      removeRunners: false,
      dryRun: false,
      ...body,
    };
    return handler.execute(new RunBatch(askedBy(ROOT, request)));
  };

  const addUsers = async (count: number, isAdmin = false): Promise<string[]> => {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const userId of ids) {
      const rights = { isAdmin, canUseJit: true, canUseRegistrationToken: false, createdAt: AT };
      await replica.users.create({ userId, ...rights }, undefined, replica.origin());
    }
    return ids;
  };
  const addTeam = async (): Promise<string> => {
    const teamId = randomUUID();
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    await replica.teams.create({ teamId, name: `t-${teamId}`, ...rules, createdAt: AT }, replica.origin());
    return teamId;
  };
  const addRunner = async (teamId: string, name: string): Promise<{ runnerId: string; githubId: number }> => {
    const { runners, desk, github, origin } = replica;
    const runnerId = randomUUID();
    await desk.reserve({ kind: 'team', id: teamId }, { runnerId, limit: undefined, at: AT }, origin());
    const atGithub = github.addRunner({ name, ephemeral: true });
    await runners.begin(
      runnerId,
      {
        type: 'RequestProvisioning',
        runnerId,
        scope: SCOPE,
        installationId: 42,
        runnerName: name,
        provisioningMethod: 'jit',
        labels: [],
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        teamId,
        provisionedBy: randomUUID(),
        requestedAt: AT,
      },
      origin(),
    );
    await runners.handle(
      runnerId,
      {
        type: 'RecordJitConfigIssued',
        githubRunnerId: atGithub.id,
        labels: [],
        jitConfigSha256: 'a'.repeat(64),
        expiresAt: '2036-01-01T00:00:00.000Z',
        issuedAt: AT,
      },
      origin(),
    );
    return { runnerId, githubId: atGithub.id };
  };
  const stateOf = async (runnerId: string) => (await replica.runners.load(runnerId)).state.state;

  test('disables all users but the caller and the administrators, and counts them', async () => {
    const [admin] = await addUsers(1, true);
    const users = await addUsers(30);
    const { operation } = await batch({ action: 'disable-users', all: true });
    expect(operation).toMatchObject({ state: 'completed', affectedCount: 30, failedCount: 0, total: 30 });
    for (const userId of users)
      expect((await replica.users.load(userId)).state).toMatchObject({ status: 'inactive' });
    expect((await replica.users.load(admin ?? '')).state).toMatchObject({ status: 'active' });
  });

  test('spares the caller even when administrators are meant as well', async () => {
    await addUsers(2, true);
    const { operation } = await batch({ action: 'disable-users', all: true, includeAdmins: true });
    expect(operation).toMatchObject({ affectedCount: 2, failedCount: 0 });
  });

  test('records one fact per target, caused by the operation and done by its caller', async () => {
    const [userId = ''] = await addUsers(1);
    const { operation } = await batch({ action: 'disable-users', userIds: [userId] });
    const facts = await replica.store.read(streams.user(userId));
    expect(facts.at(-1)).toMatchObject({
      type: 'UserDeactivated',
      data: { reason: COMMENT },
      metadata: { $causationId: operation.operationId, actor: { kind: 'user', subject: 'root' } },
    });
  });

  test('tells how far the log is once it is done, so that its caller sees it done', async () => {
    const users = await addUsers(3);
    const { operation, position } = await batch({ action: 'disable-users', userIds: users });
    const { operationId } = operation;
    const question = new GetOperation(askedBy(ROOT, { operationId }));
    const found = await new GetOperationHandler(replica.tenancy, replica.operations).execute(question);
    for (const userId of users) {
      const [deactivated] = await replica.store.readBackwards(streams.user(userId), 1);
      expect(BigInt(position ?? -1)).toBeGreaterThanOrEqual(deactivated?.position ?? 0n);
      expect(BigInt(found.position ?? -1)).toBeGreaterThanOrEqual(deactivated?.position ?? 0n);
    }
  });

  test('foresees what would not be done', async () => {
    const [active = '', gone = ''] = await addUsers(2);
    await batch({ action: 'disable-users', userIds: [gone] });
    const nobody = randomUUID();
    const teamId = await addTeam();
    const { runnerId } = await addRunner(teamId, 'foreseen');
    await replica.settled();
    const outcome = async (request: Parameters<typeof batch>[0]) => {
      const { operation } = await batch({ ...request, dryRun: true });
      const { affectedCount, failedCount, details } = operation;
      return [affectedCount, failedCount, ...details.map(({ code }) => code ?? 'done')];
    };
    const userIds = [active, gone, nobody, active];
    expect(await outcome({ action: 'disable-users', userIds })).toEqual([
      1,
      2,
      'done',
      'already-inactive',
      'user-unknown',
    ]);
    expect(await outcome({ action: 'restore-users', userIds })).toEqual([
      1,
      2,
      'already-active',
      'done',
      'user-unknown',
    ]);
    const teamIds = [teamId, nobody];
    expect(await outcome({ action: 'deactivate-teams', teamIds })).toEqual([1, 1, 'done', 'team-unknown']);
    const runnerIds = [runnerId, nobody];
    expect(await outcome({ action: 'delete-runners', runnerIds })).toEqual([1, 1, 'done', 'runner-unknown']);
    expect(await stateOf(runnerId)).toBe('pending');
  });

  test('takes nobody for all runners of somebody', async () => {
    const unknown = { userIdentity: 'nobody@example.com' };
    expect(await codeOf(batch({ action: 'delete-runners', ...unknown }))).toBe('user-unknown');
    expect(await codeOf(batch({ action: 'delete-runners', teamId: randomUUID() }))).toBe('team-unknown');
  });

  test('says of each named target why it was not dealt with', async () => {
    const [userId = '', gone = ''] = await addUsers(2);
    await batch({ action: 'disable-users', userIds: [gone] });
    const unknown = randomUUID();
    const { operation } = await batch({ action: 'disable-users', userIds: [userId, gone, unknown] });
    expect(operation).toMatchObject({ affectedCount: 1, failedCount: 2 });
    expect(new Map(operation.details.map(({ targetId, code }) => [targetId, code]))).toEqual(
      new Map([
        [userId, undefined],
        [gone, 'already-inactive'],
        [unknown, 'user-unknown'],
      ]),
    );
  });

  test('only says what it would do when it is asked for no more than that', async () => {
    const users = await addUsers(3);
    await replica.settled();
    const { operation, dryRun } = await batch({ action: 'disable-users', all: true, dryRun: true });
    expect({ dryRun, affected: operation.affectedCount }).toEqual({ dryRun: true, affected: 3 });
    for (const userId of users)
      expect((await replica.users.load(userId)).state).toMatchObject({ status: 'active' });
  });

  test('answers at once when there are many, and goes on by itself', async () => {
    await addUsers(101);
    const { operation } = await batch({ action: 'disable-users', all: true });
    expect(operation).toMatchObject({ total: 101 });
    await until(async () => {
      const found = await replica.operations.find(operation.operationId);
      return found.status === 'completed' && found.done.size === 101;
    });
  });

  test('needs to be told who is meant', async () => {
    expect(await codeOf(batch({ action: 'disable-users' }))).toBe('request-invalid');
    expect(await codeOf(batch({ action: 'delete-runners', all: true, teamId: randomUUID() }))).toBe(
      'request-invalid',
    );
  });

  test('deactivates and reactivates teams', async () => {
    const teams = [await addTeam(), await addTeam(), await addTeam()];
    expect((await batch({ action: 'deactivate-teams', all: true })).operation.affectedCount).toBe(3);
    for (const teamId of teams)
      expect((await replica.teams.load(teamId)).state).toMatchObject({ status: 'inactive' });
    const reactivated = await batch({ action: 'reactivate-teams', teamIds: teams });
    expect(reactivated.operation).toMatchObject({ affectedCount: 3, failedCount: 0 });
  });

  test('deletes the runners of a team, busy ones as soon as they are idle', async () => {
    const teamId = await addTeam();
    const idle = await addRunner(teamId, 'idle');
    const busy = await addRunner(teamId, 'busy');
    const other = await addRunner(await addTeam(), 'other');
    replica.github.changeRunner(busy.githubId, { status: 'online', busy: true });
    await replica.settled();
    const { operation } = await batch({ action: 'delete-runners', teamId });
    expect(operation).toMatchObject({ affectedCount: 2, failedCount: 0 });
    expect([
      await stateOf(idle.runnerId),
      await stateOf(busy.runnerId),
      await stateOf(other.runnerId),
    ]).toEqual(['deleted', 'deleting', 'pending']);
  });

  test('a deactivated team gets no slot, whatever was planned before', async () => {
    const teamId = await addTeam();
    await replica.teams.deactivate(teamId, 'contract ended', AT, replica.origin());
    const late = replica.desk.reserve(
      { kind: 'team', id: teamId },
      { runnerId: randomUUID(), limit: undefined, at: AT },
      replica.origin(),
    );
    expect(await codeOf(late)).toBe('team-deactivated');
  });

  test('cuts a team off together with its runners', async () => {
    const teamId = await addTeam();
    const { runnerId } = await addRunner(teamId, 'worker');
    const { tenancy, teams, view, removals } = replica;
    const answer = await new DeactivateTeamHandler(tenancy, teams, view, removals).execute(
      new DeactivateTeam(askedBy(ROOT, { teamId, reason: 'contract ended', removeRunners: true })),
    );
    const { operationId = '' } = answer;
    await until(async () => (await replica.operations.find(operationId)).status === 'completed');
    expect((await replica.runners.load(runnerId)).state).toMatchObject({
      state: 'deleted',
      reason: 'team-suspended',
    });
  });

  test('is not for everybody', async () => {
    const [userId = ''] = await addUsers(1);
    const stranger = { issuer: ROOT.issuer, subject: 'alice', emailVerified: false };
    await replica.record(
      streams.user(userId),
      userEvent('UserIdentityBound')({ userId, issuer: ROOT.issuer, subject: 'alice', boundAt: AT }),
    );
    const { tenancy, view, database, operations } = replica;
    const handler = new RunBatchHandler(tenancy, view, new BatchTargets(database), operations);
    const body = { operationId: randomUUID(), action: 'disable-users' as const, comment: COMMENT, all: true };
    const question = askedBy(stranger, {
      ...body,
      includeAdmins: false,
      removeRunners: false,
      dryRun: false,
    });
    expect(await codeOf(handler.execute(new RunBatch(question)))).toBe('admin-required');
  });
});
