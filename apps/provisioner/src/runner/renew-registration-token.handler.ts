import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Principal } from '#libs/access';
import { Problem, problemOfRefusal, type RegistrationTokenRenewed } from '#libs/contracts';
import { type Github, GithubRefusal, problemOf } from '#libs/github';
import { refuseUnpermitted } from '../label-policy/label-policy.decider.js';
import { PolicyInForce } from '../label-policy/policy-in-force.js';
import { type Origin, originOf } from '../origin.js';
import { GITHUB } from '../provisioner.tokens.js';
import { Refusals } from '../security/refusals.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { FindRunner } from './find-runner.js';
import { refuseDeactivated, refuseMethod } from './plan-provisioning.js';
import { refuseTokens } from './registration-token.decider.js';
import { RenewRegistrationToken } from './runner.messages.js';
import type { KnownRunner } from './runner.state.js';
import { Runners } from './runners.js';
import { sha256 } from './sha256.js';

/**
 * Fresh tokens for the host of a runner that was provisioned with one: to register, to register again, to
 * deregister. Two calls are two pairs of tokens. GitHub makes nothing for a token, so nothing is left open by a crash.
 */
@CommandHandler(RenewRegistrationToken)
export class RenewRegistrationTokenHandler implements ICommandHandler<RenewRegistrationToken> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly findRunner: FindRunner,
    @Inject(PolicyInForce) private readonly policies: Pick<PolicyInForce, 'of'>,
    private readonly refusals: Refusals,
    private readonly runners: Runners,
    @Inject(GITHUB) private readonly github: Github,
  ) {}

  async execute({ body, context }: RenewRegistrationToken): Promise<RegistrationTokenRenewed> {
    const principal = await this.tenancy.principalOf(context);
    const found = await this.findRunner.visibleTo(principal, body.runner);
    const { runnerId, runnerName, labels, teamId } = found.state;
    const origin = originOf(context, actorOf(principal));
    const asked = { runnerName, labels: [...labels], teamId };
    await this.refusals.recording(asked, origin, () => this.permit(found.state, principal));

    const { removal, registration } = await this.askGithub(runnerId, origin);
    const expiresAt = removal.expiresAt < registration.expiresAt ? removal.expiresAt : registration.expiresAt;
    const { position } = await this.runners.handle(
      runnerId,
      {
        type: 'RecordRegistrationTokenRenewed',
        registrationTokenSha256: sha256(registration.token),
        removalTokenSha256: sha256(removal.token),
        expiresAt,
        issuedAt: now(),
      },
      origin,
      found,
    );
    const secret = { registrationToken: registration.token, removalToken: removal.token };
    return { runnerId, expiresAt, position: String(position), secret };
  }

  /** As for provisioning: the caller's permission, the team, the labels, by the rules of today; then the runner itself. */
  private async permit(runner: KnownRunner, principal: Principal): Promise<void> {
    const inForce = await this.policies.of(runner);
    if (inForce === undefined) throw rulesUnknown();
    const refusal =
      refuseMethod({ provisioningMethod: 'registration_token' }, principal) ??
      (inForce.team && refuseDeactivated(inForce.team)) ??
      refuseTokens(runner) ??
      refuseUnpermitted(runner.labels, inForce.policy);
    if (refusal) throw problemOfRefusal(refusal);
  }

  /**
   * The removal token first: should the second call fail, no token is about with which a machine could register.
   * Nobody is asked whether the name is free: its host registers the runner again while it is still at GitHub.
   */
  private async askGithub(runnerId: string, origin: Origin) {
    try {
      const removal = await this.github.createRemoveToken();
      return { removal, registration: await this.github.createRegistrationToken() };
    } catch (error) {
      if (!(error instanceof GithubRefusal)) throw error;
      const problem = problemOf(error);
      const failed = { type: 'RecordRegistrationTokenFailed', reason: problem.code, at: now() } as const;
      await this.runners.handle(runnerId, failed, origin);
      throw problem;
    }
  }
}

/** A view of teams that is behind the log permits nothing. */
const rulesUnknown = () =>
  new Problem(
    'service-unavailable',
    "The rules of the runner's team are not known here yet. Try again soon.",
    {
      retryAfterSeconds: 2,
    },
  );

const now = () => new Date().toISOString();
