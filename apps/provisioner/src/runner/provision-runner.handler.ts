import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#libs/access';
import {
  Problem,
  type ProvisionRunner as ProvisionRunnerRequest,
  type RunnerProvisioned,
} from '#libs/contracts';
import { keySha256 } from '../idempotency/answer-seal.js';
import { ProvisionOnce } from '../idempotency/provision-once.js';
import { UserPolicies } from '../label-policy/user-policies.js';
import { type Origin, originOf, step } from '../origin.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { Refusals } from '../security/refusals.js';
import { type Acting, actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import type { Requested } from './ask-github.js';
import { type Holder, Holdings } from './holdings.js';
import { InFlight } from './in-flight.js';
import { IssueJitConfig } from './issue-jit-config.js';
import { IssueRegistrationToken } from './issue-registration-token.js';
import type { Keep } from './kept-answer.js';
import { type ProvisioningPlan, planProvisioning, teamMeant } from './plan-provisioning.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import type { RequestProvisioning } from './runner.decider.js';
import { ProvisionRunner } from './runner.messages.js';
import { isKnown } from './runner.state.js';
import { nameFromPrefix } from './runner-naming.js';
import { Runners } from './runners.js';

/** With so many tries a random name is free unless something is wrong. */
const NAME_TRIES = 5;

/**
 * Look up → decide → record → ask GitHub → record → answer. GitHub is asked once. What was requested and not
 * answered stays open in the log and is settled later.
 */
@CommandHandler(ProvisionRunner)
export class ProvisionRunnerHandler implements ICommandHandler<ProvisionRunner> {
  constructor(
    private readonly tenancy: Tenancy,
    @Inject(UserPolicies) private readonly policies: Pick<UserPolicies, 'of'>,
    private readonly names: RunnerNames,
    private readonly holdings: Holdings,
    private readonly runners: Runners,
    private readonly jitConfigs: IssueJitConfig,
    private readonly registrationTokens: IssueRegistrationToken,
    private readonly refusals: Refusals,
    private readonly inFlight: InFlight,
    private readonly once: ProvisionOnce,
    @Inject(PROVISIONING) private readonly config: ProvisioningConfig,
  ) {}

  async execute({ body: request, context }: ProvisionRunner): Promise<RunnerProvisioned> {
    const principal = await this.tenancy.principalOf(context);
    const origin = originOf(context, actorOf(principal), { commandId: request.runnerId });
    const { idempotencyKey } = request;
    if (idempotencyKey === undefined) return this.provision(request, principal, origin);
    // who has left the team meanwhile gets nothing of it again
    await this.refusing(request, principal, origin, () => this.plan(request, principal));
    return this.refusing(request, principal, origin, () =>
      this.once.provision({ ...request, idempotencyKey }, principal, origin, (keep) =>
        this.provision(request, principal, origin, keep),
      ),
    );
  }

  private provision(
    request: ProvisionRunnerRequest,
    principal: Acting,
    origin: Origin,
    keep?: Keep,
  ): Promise<RunnerProvisioned> {
    return this.inFlight.during(request.runnerId, async () => {
      const requested = await this.refusing(request, principal, origin, async () => {
        const plan = await this.plan(request, principal);
        return (
          (await this.pendingOfSameCaller(request, plan, principal)) ??
          (await this.request(request, plan, principal, origin))
        );
      });
      return request.provisioningMethod === 'jit'
        ? this.jitConfigs.issue(requested, request.workFolder, origin, keep)
        : this.registrationTokens.issue(requested, origin, keep);
    });
  }

  /** A refusal is shown to the team it is about, also when the request does not name it. */
  private refusing<T>(
    request: ProvisionRunnerRequest,
    principal: Principal,
    origin: Origin,
    decide: () => Promise<T>,
  ): Promise<T> {
    const teamId = teamMeant(request, principal);
    return this.refusals.recording(teamId ? { ...request, teamId } : request, origin, decide);
  }

  private async plan(request: ProvisionRunnerRequest, principal: Principal): Promise<ProvisioningPlan> {
    return planProvisioning(request, principal, await this.policies.of(principal), this.config);
  }

  /** A registration token may be asked for again as long as nobody has used it: same runner, fresh token. */
  private async pendingOfSameCaller(
    { provisioningMethod, runnerName }: ProvisionRunnerRequest,
    { team }: ProvisioningPlan,
    { userId }: Principal,
  ): Promise<Requested | undefined> {
    if (provisioningMethod !== 'registration_token' || runnerName === undefined) return undefined;
    const runnerId = await this.names.holder(this.config.scope, runnerName);
    if (runnerId === undefined) return undefined;
    const { state, revision } = await this.runners.load(runnerId);
    const unused = state.state === 'pending' && state.githubRunnerId === undefined;
    // the runner of a team one has left since is not one's own any more
    if (!unused || state.provisionedBy !== userId || state.teamId !== team?.id) return undefined;
    return { state, revision, events: [], position: undefined };
  }

  private async request(
    request: ProvisionRunnerRequest,
    plan: ProvisioningPlan,
    { userId, caller: { issuer, subject } }: Acting,
    origin: Origin,
  ): Promise<Requested> {
    const runnerName = await this.takeNameAndSlot(request, plan, origin);
    const {
      runnerId,
      provisioningMethod,
      workFolder,
      ephemeral,
      disableUpdate,
      idempotencyKey: key,
    } = request;
    const { scope, installationId } = this.config;
    const { team, slotOf, labels, runnerGroupId } = plan;
    const { state, ...handled } = await this.begin(
      {
        type: 'RequestProvisioning',
        runnerId,
        scope,
        installationId,
        runnerName,
        provisioningMethod,
        labels: [...labels],
        runnerGroupId,
        workFolder,
        ephemeral: provisioningMethod === 'jit' || ephemeral,
        disableUpdate,
        provisionedBy: userId,
        requestedAt: now(),
        ...(team ? { teamId: team.id } : {}),
        ...(key === undefined ? {} : { idempotencyKeySha256: keySha256({ issuer, subject, key }) }),
      },
      { runnerId, runnerName, scope, slotOf },
      origin,
    );
    if (handled.events.length === 0 || !isKnown(state)) throw repeated();
    return { ...handled, state };
  }

  /** Settling may have given the request up while name and slot were waited for: then they are nobody's. */
  private async begin(command: RequestProvisioning, holder: Holder, origin: Origin) {
    try {
      return await this.runners.begin(command.runnerId, command, origin);
    } catch (error) {
      if (error instanceof Problem && error.code === 'github-unavailable')
        await this.holdings.giveBack(holder, now(), step(origin, 'too-late'));
      throw error;
    }
  }

  private async takeNameAndSlot(
    { runnerId, runnerName, runnerNamePrefix = 'runner' }: ProvisionRunnerRequest,
    { slotOf, limit }: ProvisioningPlan,
    origin: Origin,
  ): Promise<string> {
    const { scope, installationId } = this.config;
    for (let tries = 1; ; tries++) {
      const name = runnerName ?? nameFromPrefix(runnerNamePrefix);
      const holder = { runnerId, runnerName: name, scope, installationId, slotOf };
      try {
        await this.holdings.take(holder, { limit, at: now() }, step(origin, `take-${tries}`));
        return name;
      } catch (error) {
        const taken = error instanceof Problem && error.code === 'runner-name-taken';
        if (!taken || runnerName !== undefined || tries === NAME_TRIES) throw error;
      }
    }
  }
}

const now = () => new Date().toISOString();

const repeated = () =>
  new Problem(
    'provisioning-in-progress',
    'This very request has been seen before. Ask again with a new one.',
  );
