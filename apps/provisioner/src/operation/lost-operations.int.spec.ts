import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { onEachDatabase } from '#libs/testing';
import { Admins } from '../admin-roster/admins.js';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { Claims } from '../claim/claims.js';
import { Teams } from '../team/teams.js';
import { dyingStore } from '../testing/dying-store.js';
import { minutesLater } from '../testing/minutes-later.js';
import { askedBy, ROOT, type TenancyReplica, tenancyReplica, until } from '../testing/tenancy.js';
import { Users } from '../user/users.js';
import { BatchActions } from './batch-actions.js';
import { BatchTargets } from './batch-targets.js';
import { RunBatch } from './operation.messages.js';
import { Operations } from './operations.js';
import { RunBatchHandler } from './run-batch.handler.js';

const AT = '2026-03-01T10:00:00.000Z';
const COMMENT = 'their credentials were stolen';

// a machine may be busy with other things
jest.setTimeout(60_000);
// that an operation is taken up is told each time
Logger.overrideLogger(false);

onEachDatabase('operations whose process was killed', ({ test, newAddress }) => {
  let replica: TenancyReplica;
  beforeEach(async () => {
    replica = await tenancyReplica({ address: newAddress() });
  });
  afterEach(() => replica.view.onApplicationShutdown());

  /** A batch in a process that sees the log like this. */
  const batchOver = (
    store: EventStore,
    body: Partial<RunBatch['body']> & Pick<RunBatch['body'], 'action'>,
  ) => {
    const { tenancy, view, database, runners } = replica;
    const claims = new Claims(store);
    const users = new Users(store, claims, new Admins(store, ROOT.issuer));
    const teams = new Teams(store, claims, new CapacityDesk(store));
    const targets = new BatchTargets(database);
    const actions = new BatchActions(store, users, teams, runners, replica.removeRunner);
    const operations = new Operations(store, database, view, targets, actions);
    const request = {
      operationId: randomUUID(),
      comment: COMMENT,
      all: false,
      includeAdmins: false,
      removeRunners: false,
      dryRun: false,
      ...body,
    };
    const answered = new RunBatchHandler(tenancy, view, targets, operations)
      .execute(new RunBatch(askedBy(ROOT, request)))
      .then(
        () => true,
        () => false,
      );
    return { operationId: request.operationId, answered };
  };
  const killedAfter = (appends: number, afterTheLast = true) =>
    dyingStore(replica.store, { appends, afterTheLast });

  const addUser = async (email?: string): Promise<string> => {
    const userId = randomUUID();
    const rights = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false, createdAt: AT };
    const user = { userId, ...rights, ...(email === undefined ? {} : { email }) };
    await replica.users.create(user, undefined, replica.origin());
    return userId;
  };
  const addTeam = async (): Promise<string> => {
    const teamId = randomUUID();
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    await replica.teams.create({ teamId, name: `t-${teamId}`, ...rules, createdAt: AT }, replica.origin());
    return teamId;
  };
  const addRunner = async (teamId: string | undefined, provisionedBy: string): Promise<string> => {
    const { runners, desk, github, origin } = replica;
    const runnerId = randomUUID();
    const holder = teamId
      ? { kind: 'team' as const, id: teamId }
      : { kind: 'user' as const, id: provisionedBy };
    await desk.reserve(holder, { runnerId, limit: undefined, at: AT }, origin());
    const { id: githubRunnerId } = github.addRunner({ name: runnerId, ephemeral: true });
    await runners.begin(
      runnerId,
      {
        type: 'RequestProvisioning',
        runnerId,
        scope: { kind: 'org', login: 'octo-org' },
        installationId: 42,
        runnerName: runnerId,
        provisioningMethod: 'jit',
        labels: [],
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral: true,
        disableUpdate: false,
        ...(teamId === undefined ? {} : { teamId }),
        provisionedBy,
        requestedAt: AT,
      },
      origin(),
    );
    const issued = { labels: [], jitConfigSha256: 'a'.repeat(64), expiresAt: '2036-01-01T00:00:00.000Z' };
    await runners.handle(
      runnerId,
      { type: 'RecordJitConfigIssued', githubRunnerId, ...issued, issuedAt: AT },
      origin(),
    );
    return runnerId;
  };

  /** Another process looks for what nobody goes on with. */
  const takenUp = async (operationId: string) => {
    await replica.settled();
    await minutesLater(1, () => replica.operations.takeUpLost());
    await until(async () => (await replica.operations.find(operationId)).status === 'completed');
    const { done, failures, targetIds } = await replica.operations.find(operationId);
    expect(failures).toEqual([]);
    expect([...done].sort()).toEqual([...targetIds].sort());
    return [...done].sort();
  };

  test('before its targets were chosen: they are chosen again', async () => {
    const users = [await addUser(), await addUser(), await addUser()];
    const { operationId, answered } = batchOver(killedAfter(1), { action: 'disable-users', all: true });
    expect(await answered).toBe(false);
    expect(await replica.operations.find(operationId)).toMatchObject({ status: 'requested' });
    expect(await takenUp(operationId)).toEqual(users.sort());
    for (const userId of users)
      expect((await replica.users.load(userId)).state).toMatchObject({ status: 'inactive' });
    const [last] = await replica.store.readBackwards(streams.operation(operationId), 1);
    expect(last?.metadata.actor).toMatchObject({ kind: 'user', subject: 'root' });
  });

  test('the same for the runners of a team, and of a user, whose e-mail is not written down', async () => {
    const [teamId, email] = [await addTeam(), 'ada@example.com'];
    const userId = await addUser(email);
    const [ofTeam, ofUser] = [await addRunner(teamId, randomUUID()), await addRunner(undefined, userId)];
    await addRunner(await addTeam(), randomUUID());
    await replica.settled();
    const cut = batchOver(killedAfter(1), { action: 'delete-runners', teamId });
    expect(await cut.answered).toBe(false);
    expect(await takenUp(cut.operationId)).toEqual([ofTeam]);
    const gone = batchOver(killedAfter(1), { action: 'delete-runners', userIdentity: email });
    expect(await gone.answered).toBe(false);
    expect(await takenUp(gone.operationId)).toEqual([ofUser]);
    const facts = await replica.store.read(streams.operation(gone.operationId));
    expect(JSON.stringify(facts.map(({ data }) => data))).not.toContain(email);
  });

  test('at whichever append, before or after it: what was requested is done, and nothing twice', async () => {
    for (let appends = 1; ; appends++) {
      for (const afterTheLast of [false, true]) {
        const users = [await addUser(), await addUser()];
        const store = killedAfter(appends, afterTheLast);
        const named = { action: 'disable-users', userIds: users } as const;
        const { operationId, answered } = batchOver(store, named);
        if (await answered) return expect(appends).toBe(6);
        const requested = (await replica.store.read(streams.operation(operationId))).length > 0;
        expect(requested).toBe(appends > 1 || afterTheLast);
        if (!requested) continue;
        expect(await takenUp(operationId)).toEqual(users.sort());
        for (const userId of users) {
          const types = (await replica.store.read(streams.user(userId))).map(({ type }) => type);
          expect(types.filter((type) => type === 'UserDeactivated')).toHaveLength(1);
        }
      }
    }
  });
});
