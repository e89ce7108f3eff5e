import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { TrustRule } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { GetTrustRule } from './trust-rule.messages.js';
import { trustRuleUnknown, trustRuleViews } from './trust-rule-views.js';

@QueryHandler(GetTrustRule)
export class GetTrustRuleHandler implements IQueryHandler<GetTrustRule> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: GetTrustRule): Promise<ReplyOf<typeof subjects.getTrustRule>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [trustRule] = await trustRuleViews(
        em,
        await em.find(TrustRule, { id: body.trustRuleId, isRemoved: false }),
      );
      if (trustRule) return { trustRule, fresh };
      throw trustRuleUnknown();
    });
  }
}
