import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider, Team, TrustRule } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { explainTrustRule } from './explain-trust-rule.js';
import { TestTrustRule } from './trust-rule.messages.js';
import { trustRuleUnknown } from './trust-rule-views.js';

@QueryHandler(TestTrustRule)
export class TestTrustRuleHandler implements IQueryHandler<TestTrustRule> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: TestTrustRule): Promise<ReplyOf<typeof subjects.testTrustRule>> {
    await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const rule = await em.findOne(TrustRule, { id: body.trustRuleId, isRemoved: false });
      if (!rule) throw trustRuleUnknown();
      const provider = await em.findOne(IdentityProvider, { id: rule.identityProviderId });
      const team = await em.findOne(Team, { id: rule.teamId });
      return explainTrustRule(body, rule, provider, team);
    });
  }
}
