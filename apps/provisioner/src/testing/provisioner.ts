import { randomUUID } from 'node:crypto';
import type { Principal, PrincipalTeam } from '#libs/access';
import { type ProvisionRunner as ProvisionRunnerRequest, type SeenUnmanaged, streams } from '#libs/contracts';
import { type EventStore, inMemoryEventStore } from '#libs/event-store';
import { FakeGithub } from '#libs/github';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import type { AnswerShelf } from '../idempotency/answer-shelf.port.js';
import { InMemoryAnswerShelf } from '../idempotency/in-memory.answer-shelf.js';
import { ProvisionOnce } from '../idempotency/provision-once.js';
import { SealedAnswers } from '../idempotency/sealed-answers.js';
import type { LabelPolicy } from '../label-policy/label-policy.decider.js';
import type { InForce } from '../label-policy/policy-in-force.js';
import type { UserPolicy } from '../label-policy/user-policies.js';
import { AbandonRunnerHandler } from '../runner/abandon-runner.handler.js';
import { AskGithub } from '../runner/ask-github.js';
import { CancelRuns } from '../runner/cancel-runs.js';
import { CurrentTerm } from '../runner/current-term.js';
import { DeprovisionRunnerHandler } from '../runner/deprovision-runner.handler.js';
import { DriftRemoval } from '../runner/drift-removal.js';
import { ExpireRunner } from '../runner/expire-runner.js';
import { FindRunner } from '../runner/find-runner.js';
import { Holdings } from '../runner/holdings.js';
import { InFlight } from '../runner/in-flight.js';
import { IssueJitConfig } from '../runner/issue-jit-config.js';
import { IssueRegistrationToken } from '../runner/issue-registration-token.js';
import { JudgeJob } from '../runner/judge-job.js';
import { LookAtRunner } from '../runner/look-at-runner.js';
import { ObserveRunner } from '../runner/observe-runner.js';
import { OverlookedEnds } from '../runner/overlooked-ends.js';
import { ProvisionRunnerHandler } from '../runner/provision-runner.handler.js';
import type { ProvisioningConfig } from '../runner/provisioning-config.js';
import { RecordObservationHandler } from '../runner/record-observation.handler.js';
import { RecordWorkflowJobHandler } from '../runner/record-workflow-job.handler.js';
import { RefreshRunnerHandler } from '../runner/refresh-runner.handler.js';
import { RemoveRunner } from '../runner/remove-runner.js';
import { RenewRegistrationTokenHandler } from '../runner/renew-registration-token.handler.js';
import {
  AbandonRunner,
  DeprovisionRunner,
  ProvisionRunner,
  RecordObservation,
  RecordWorkflowJob,
  RefreshRunner,
  RenewRegistrationToken,
  SettleRunner,
} from '../runner/runner.messages.js';
import { Runners } from '../runner/runners.js';
import { SettleRunnerHandler } from '../runner/settle-runner.handler.js';
import { TakeBack } from '../runner/take-back.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { Refusals } from '../security/refusals.js';
import type { Tenancy } from '../tenancy/tenancy.js';
import { RecordUnmanaged, RecordUnmanagedHandler } from '../unmanaged/record-unmanaged.handler.js';
import { SurplusMachines } from '../unmanaged/surplus-machines.js';
import { UnmanagedRunners } from '../unmanaged/unmanaged-runners.js';
import { until } from './tenancy.js';

export const TEAM: PrincipalTeam = {
  id: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
  name: 'dev',
  requiredLabels: [],
  labelPatterns: ['.*'],
  runnerGroupIds: [],
  maxRunners: undefined,
  isActive: true,
};

export const ALICE: Principal = {
  kind: 'user',
  userId: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04',
  email: 'alice@example.com',
  displayName: undefined,
  isAdmin: false,
  canUseJit: true,
  canUseRegistrationToken: true,
  isActive: true,
  teams: [TEAM],
};

const CALLER = { issuer: 'https://auth.example.com', subject: 'alice', emailVerified: false };
const CONFIG: ProvisioningConfig = {
  scope: { kind: 'org', login: 'octo-org' },
  installationId: 42,
  defaultRunnerGroupId: 1,
  defaultLabelPolicy: 'allow',
  requireTeam: false,
  jitConfigTtlSeconds: 3600,
  staleAfterHours: 24,
  labelPolicyEnforcement: 'audit',
  labelDrift: { action: 'remove', deleteBusyRunners: false },
};

/** One provisioner replica over a log and a GitHub that others may share. */
export const provisionerReplica = ({
  store = inMemoryEventStore(),
  github = new FakeGithub(),
  principal = ALICE,
  shelf = new InMemoryAnswerShelf(),
  policy,
  policyInForce = () => ({ requiredLabels: [], permits: 'anything' }),
  team,
  config: rules = {},
}: {
  store?: EventStore;
  github?: FakeGithub;
  principal?: Principal;
  shelf?: AnswerShelf;
  /** The principal's own label policy. */
  policy?: UserPolicy;
  /** What a runner may be labelled with today; undefined while that is not known. */
  policyInForce?: () => LabelPolicy | undefined;
  /** Whose runners they are, as it is today. */
  team?: InForce['team'];
  config?: Partial<ProvisioningConfig>;
} = {}) => {
  const config = { ...CONFIG, ...rules };
  const tenancy = { principalOf: async () => ({ ...principal, caller: CALLER }) } as unknown as Tenancy;
  const names = new RunnerNames(store);
  const desk = new CapacityDesk(store);
  const holdings = new Holdings(names, desk);
  const sealedAnswers = new SealedAnswers(shelf, 'a secret of the server');
  const runners = new Runners(store, holdings, sealedAnswers);
  const askGithub = new AskGithub(runners);
  const cancelRuns = new CancelRuns(runners, github);
  const lookAt = new LookAtRunner(github);
  const observe = new ObserveRunner(runners, config);
  const removeRunner = new RemoveRunner(runners, cancelRuns, observe, github);
  const expireRunner = new ExpireRunner(runners, lookAt, observe, config);
  const findRunner = new FindRunner(store, runners, config);
  const inFlight = new InFlight();
  const provision = new ProvisionRunnerHandler(
    tenancy,
    { of: async () => policy },
    names,
    holdings,
    runners,
    new IssueJitConfig(runners, askGithub, github, new TakeBack(github), config),
    new IssueRegistrationToken(runners, askGithub, github),
    new Refusals(store),
    inFlight,
    new ProvisionOnce(store, runners, sealedAnswers),
    config,
  );
  const deprovision = new DeprovisionRunnerHandler(tenancy, findRunner, runners, removeRunner);
  const settle = new SettleRunnerHandler(
    runners,
    holdings,
    removeRunner,
    cancelRuns,
    expireRunner,
    lookAt,
    github,
    inFlight,
    config,
  );
  const abandon = new AbandonRunnerHandler(runners, removeRunner);
  const driftRemoval = new DriftRemoval(runners, lookAt, observe, removeRunner, config);
  const currentTerm = new CurrentTerm(store, config);
  const observation = new RecordObservationHandler(
    runners,
    lookAt,
    observe,
    driftRemoval,
    new OverlookedEnds(runners, github),
    currentTerm,
  );
  const refresh = new RefreshRunnerHandler(tenancy, findRunner, runners, lookAt, observe, driftRemoval);
  const inForce = async () => {
    const inForceNow = policyInForce();
    return inForceNow && { policy: inForceNow, team };
  };
  const renewal = new RenewRegistrationTokenHandler(
    tenancy,
    findRunner,
    { of: inForce },
    new Refusals(store),
    runners,
    github,
  );
  const workflowJob = new RecordWorkflowJobHandler(
    runners,
    new JudgeJob({ of: inForce }, config),
    cancelRuns,
  );
  const unmanaged = new RecordUnmanagedHandler(
    new UnmanagedRunners(store, names, runners, config),
    new SurplusMachines(runners, github, config),
    currentTerm,
  );
  const context = { requestId: 'request-1', caller: CALLER };

  return {
    store,
    github,
    desk,
    runners,
    /** `patienceMs`: how long the asker waits. */
    provision: (
      request: Partial<ProvisionRunnerRequest> = {},
      { patienceMs = 20_000 }: { patienceMs?: number } = {},
    ) =>
      provision.execute(
        new ProvisionRunner({
          context: { ...context, deadline: Date.now() + patienceMs },
          body: {
            runnerId: randomUUID(),
            provisioningMethod: 'jit',
            labels: ['gpu'],
            workFolder: '_work',
            ephemeral: true,
            disableUpdate: false,
            ...(request.runnerName === undefined ? { runnerNamePrefix: 'worker' } : {}),
            ...request,
          },
        }),
      ),
    deprovision: (runner: string, { cancelJob = false }: { cancelJob?: boolean } = {}) =>
      deprovision.execute(new DeprovisionRunner({ context, body: { runner, cancelJob } })),
    settle: (
      runnerId: string,
      rest: { runnerName?: string; teamId?: string; stillAtGithub?: boolean } = {},
    ) => settle.execute(new SettleRunner({ context, body: { runnerId, ...rest } })),
    abandon: (runnerId: string) => abandon.execute(new AbandonRunner({ context, body: { runnerId } })),
    observe: (runnerId: string, observed: RecordObservation['body']['observation'], term?: number) =>
      observation.execute(
        new RecordObservation({
          context,
          body: { runnerId, observation: observed, seenAt: new Date().toISOString(), term },
        }),
      ),
    refresh: (runner: string) => refresh.execute(new RefreshRunner({ context, body: { runner } })),
    renewToken: (runner: string) =>
      renewal.execute(new RenewRegistrationToken({ context, body: { runner } })),
    recordWorkflowJob: (body: RecordWorkflowJob['body']) =>
      workflowJob.execute(new RecordWorkflowJob({ context, body })),
    /** Tells of runners nobody provisioned; answers the ids of those that are nobody's indeed. */
    reportUnmanaged: async (told: SeenUnmanaged[], term?: number, seenAt = new Date().toISOString()) => {
      const body = { runners: told, total: told.length, seenAt, term };
      return (await unmanaged.execute(new RecordUnmanaged({ context, body }))).unmanaged;
    },
    untilClaimed: (runnerName: string) =>
      until(async () => (await names.holder(CONFIG.scope, runnerName)) !== undefined),
    /** Types of the events of one runner, oldest first. */
    history: async (runnerId: string) => (await store.read(streams.runner(runnerId))).map(({ type }) => type),
    nameHolder: (runnerName: string) => names.holder(CONFIG.scope, runnerName),
    slotsInUse: async (teamId = TEAM.id) =>
      (await desk.look({ kind: 'team', id: teamId }, undefined)).runnerIds.length,
    userSlotsInUse: async (userId = principal.userId) =>
      (await desk.look({ kind: 'user', id: userId }, undefined)).runnerIds.length,
  };
};
