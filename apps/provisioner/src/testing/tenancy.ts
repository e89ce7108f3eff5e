import { randomUUID } from 'node:crypto';
import { membershipEntities, membershipMigration } from '#libs/access';
import { type Actor, type Caller, type Event, Problem, teamEvent } from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { FakeGithub } from '#libs/github';
import { type Database, openDatabase } from '#libs/read-model';
import { Admins } from '../admin-roster/admins.js';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { RunnerSlot } from '../capacity/runner-slot.entity.js';
import { runnerSlotMigration } from '../capacity/runner-slot.migration.js';
import { turnMigration } from '../capacity/turn.js';
import { Claims } from '../claim/claims.js';
import { InMemoryAnswerShelf } from '../idempotency/in-memory.answer-shelf.js';
import { SealedAnswers } from '../idempotency/sealed-answers.js';
import { labelPolicyMigration, UserLabelPolicy } from '../label-policy/label-policy.entity.js';
import { MachineClients } from '../machine-client/machine-clients.js';
import { BatchActions } from '../operation/batch-actions.js';
import { BatchTargets } from '../operation/batch-targets.js';
import { OpenOperation, openOperationMigration } from '../operation/open-operation.js';
import { Operations } from '../operation/operations.js';
import { RunnerRemovals } from '../operation/runner-removals.js';
import { originOf } from '../origin.js';
import { CancelRuns } from '../runner/cancel-runs.js';
import { Holdings } from '../runner/holdings.js';
import { ObserveRunner } from '../runner/observe-runner.js';
import { RemoveRunner } from '../runner/remove-runner.js';
import { Runners } from '../runner/runners.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { Teams } from '../team/teams.js';
import { FirstTenants } from '../tenancy/first-tenants.js';
import { Sightings } from '../tenancy/sightings.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { Users } from '../user/users.js';

export const ISSUER = 'https://auth.example.com';
export const ROOT: Caller = { issuer: ISSUER, subject: 'root', emailVerified: false };
export const callerNamed = (subject: string, more: Partial<Caller> = {}): Caller => ({
  issuer: ISSUER,
  subject,
  emailVerified: false,
  ...more,
});

const OPERATOR: Actor = { kind: 'cli' };
const NOBODY = '00000000-0000-4000-8000-000000000000';
const REACTIVATED = { teamId: NOBODY, reactivatedAt: '2026-01-01T00:00:00.000Z' };

/** The tenancy part of one provisioner replica, with rows in a database of its own; `root` administers it. */
export const tenancyReplica = async ({
  address,
  store = inMemoryEventStore(),
  github = new FakeGithub(),
}: {
  address: string;
  store?: EventStore;
  github?: FakeGithub;
}) => {
  const database: Database = await openDatabase({
    app: 'provisioner',
    databaseUrl: address,
    dataDir: '.',
    entities: [...membershipEntities, RunnerSlot, OpenOperation, UserLabelPolicy],
    migrations: [
      membershipMigration,
      runnerSlotMigration,
      openOperationMigration,
      labelPolicyMigration,
      turnMigration,
    ],
  });
  const claims = new Claims(store);
  const admins = new Admins(store, ISSUER);
  const users = new Users(store, claims, admins);
  const desk = new CapacityDesk(store);
  const teams = new Teams(store, claims, desk);
  const machineClients = new MachineClients(store, claims);
  const sightings = new Sightings(users, machineClients);
  const tenancy = new Tenancy(database, users, sightings, ISSUER);
  const firstTenants = new FirstTenants(users, teams, {
    adminIdentities: [`${ISSUER}|root`],
    developmentIdentities: [],
    developmentTeam: { maxRunners: undefined, labelPatterns: [] },
  });
  const view = new TenancyView(store, database, firstTenants, tenancy);
  view.onApplicationBootstrap();
  await until(() => view.health().status === 'up');

  const sealedAnswers = new SealedAnswers(new InMemoryAnswerShelf(), 'a secret of the server');
  const runners = new Runners(store, new Holdings(new RunnerNames(store), desk), sealedAnswers);
  const observe = new ObserveRunner(runners, { labelDrift: { action: 'alert', deleteBusyRunners: false } });
  const removeRunner = new RemoveRunner(runners, new CancelRuns(runners, github), observe, github);
  const actions = new BatchActions(store, users, teams, runners, removeRunner);
  const operations = new Operations(store, database, view, new BatchTargets(database), actions);
  const removals = new RunnerRemovals(operations);

  const origin = () => originOf({ requestId: randomUUID() }, OPERATOR);
  /** Appends facts to a stream and waits until the rows hold them. */
  const record = async (stream: string, ...events: Event[]) => {
    const { metadata } = origin();
    const { position } = await store.append(
      stream,
      events.map((event) => ({ ...event, id: randomUUID(), metadata })),
      'any',
    );
    await view.caughtUpWith(String(position));
  };
  /** The rows hold all that is in the log now. */
  const settled = () => record(`team-${NOBODY}`, teamEvent('TeamReactivated')(REACTIVATED));
  return {
    store,
    github,
    database,
    claims,
    admins,
    users,
    teams,
    desk,
    runners,
    removeRunner,
    machineClients,
    tenancy,
    view,
    operations,
    removals,
    origin,
    record,
    settled,
  };
};

export type TenancyReplica = Awaited<ReturnType<typeof tenancyReplica>>;

/** Question of a caller, as it comes from the bus. */
export const askedBy = <Body>(caller: Caller, body: Body, requestId: string = randomUUID()) => ({
  body,
  context: { requestId, requestIp: '192.0.2.7', userAgent: 'spec/1', caller },
});

export const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'granted',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  );

export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const giveUpAt = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error('it did not come to pass');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
