import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Principal, PrincipalTeam } from '#libs/access';
import { type ReplyOf, SYSTEM_LABELS, type subjects } from '#libs/contracts';
import { slotsInUse } from '../capacity/slots-in-use.query.js';
import { UserPolicies } from '../label-policy/user-policies.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import { openRunnerGroups, type ProvisioningRules, policyOf } from '../runner/plan-provisioning.js';
import { Tenancy } from './tenancy.js';
import { OwnLabelPolicies } from './tenancy.messages.js';
import { TenancyView } from './tenancy-view.js';

type Reply = ReplyOf<typeof subjects.ownLabelPolicies>;

/** What the caller may put on a runner, for each of their active teams, or without one. */
@QueryHandler(OwnLabelPolicies)
export class OwnLabelPoliciesHandler implements IQueryHandler<OwnLabelPolicies> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly policies: UserPolicies,
    private readonly view: TenancyView,
    @Inject(PROVISIONING) private readonly rules: ProvisioningRules,
  ) {}

  async execute({ context }: OwnLabelPolicies): Promise<Reply> {
    await this.view.caughtUpWith(context.knownPosition);
    const principal = await this.tenancy.principalOf(context);
    if (principal.teams.length > 0) return this.ofTeams(principal.teams.filter(({ isActive }) => isActive));
    return this.rules.requireTeam ? { policies: [] } : this.withoutTeam(principal);
  }

  private async ofTeams(teams: readonly PrincipalTeam[]): Promise<Reply> {
    const ids = teams.map(({ id }) => id);
    const inUse = await this.view.read((em) => slotsInUse(em, 'team', ids));
    return {
      policies: teams.map((team) => ({
        teamId: team.id,
        teamName: team.name,
        ...this.rulesOf(team, undefined),
        quota: { limit: team.maxRunners ?? null, inUse: inUse.get(team.id) ?? 0 },
      })),
    };
  }

  private async withoutTeam(principal: Principal): Promise<Reply> {
    const { userId } = principal;
    const own = await this.policies.of(principal);
    const inUse = await this.view.read((em) => slotsInUse(em, 'user', [userId]));
    const quota = { limit: own?.maxRunners ?? null, inUse: inUse.get(userId) ?? 0 };
    return { policies: [{ ...this.rulesOf(undefined, own), quota }] };
  }

  private rulesOf(team: PrincipalTeam | undefined, own: Parameters<typeof policyOf>[1]) {
    const { requiredLabels, permits } = policyOf(team, own, this.rules);
    return {
      systemLabels: [...SYSTEM_LABELS],
      requiredLabels: [...requiredLabels],
      labelPatterns: permits === 'anything' ? ['.*'] : [...permits.patterns],
      runnerGroupIds: [...openRunnerGroups(team, this.rules)],
    };
  }
}
