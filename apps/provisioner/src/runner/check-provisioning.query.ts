import { Inject } from '@nestjs/common';
import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { type ProvisionRunner, type Refusal, type ReplyOf, refused, type subjects } from '#libs/contracts';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { UserPolicies } from '../label-policy/user-policies.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { appraiseProvisioning, type ProvisioningPlan } from './plan-provisioning.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import { CheckProvisioning } from './runner.messages.js';

/** What a provisioning would come to, with every reason against it. Nothing is taken, asked of GitHub or recorded. */
@QueryHandler(CheckProvisioning)
export class CheckProvisioningHandler implements IQueryHandler<CheckProvisioning> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly policies: UserPolicies,
    private readonly names: RunnerNames,
    private readonly desk: CapacityDesk,
    private readonly view: TenancyView,
    @Inject(PROVISIONING) private readonly config: ProvisioningConfig,
  ) {}

  async execute({
    body: request,
    context,
  }: CheckProvisioning): Promise<ReplyOf<typeof subjects.checkProvisioning>> {
    await this.view.caughtUpWith(context.knownPosition);
    const principal = await this.tenancy.principalOf(context);
    const own = await this.policies.of(principal);
    const { plan, refusals } = appraiseProvisioning(request, principal, own, this.config);
    const known = new Set(refusals.map(({ refused: code }) => code));
    const quota = (await this.quota(plan)).filter(({ refused: code }) => !known.has(code));
    const all = [...refusals, ...quota, ...(await this.name(request))];
    return { allowed: all.length === 0, labels: [...(plan?.labels ?? [])], reasons: all.flatMap(reasonsIn) };
  }

  private async quota(plan: ProvisioningPlan | undefined): Promise<Refusal[]> {
    if (plan?.limit === undefined) return [];
    const { refusal } = await this.desk.look(plan.slotOf, plan.limit);
    return refusal ? [refusal] : [];
  }

  private async name({ runnerName }: ProvisionRunner): Promise<Refusal[]> {
    if (runnerName === undefined) return [];
    const isFree = await this.names.isFree(this.config.scope, runnerName, new Date().toISOString());
    return isFree ? [] : [refused('runner-name-taken', `A runner named ${runnerName} exists.`)];
  }
}

/** Each label that is refused is a reason of its own. */
const reasonsIn = ({ refused: code, detail, members }: Refusal) => {
  const labels = members.refused_labels;
  if (!Array.isArray(labels)) return [{ code, detail }];
  return labels.map((label) => ({ code, detail: `The policy does not permit ${label}.` }));
};
