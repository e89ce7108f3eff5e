import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { TrustRule, type TrustRuleRow } from '#libs/access';
import type { ReplyOf, subjects, trustRuleSortFields } from '#libs/contracts';
import { present } from '../present.js';
import { orderBy } from '../tenancy/conditions.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ListTrustRules } from './trust-rule.messages.js';
import { trustRuleViews } from './trust-rule-views.js';

const SORT_COLUMNS: Record<(typeof trustRuleSortFields)[number], keyof TrustRuleRow & string> = {
  created_at: 'createdAt',
  updated_at: 'updatedAt',
  name: 'name',
};

@QueryHandler(ListTrustRules)
export class ListTrustRulesHandler implements IQueryHandler<ListTrustRules> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body: { teamId, sort, limit, offset },
    context,
  }: ListTrustRules): Promise<ReplyOf<typeof subjects.listTrustRules>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [rows, total] = await em.findAndCount(
        TrustRule,
        { isRemoved: false, ...present('teamId', teamId) },
        { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS) },
      );
      return { trustRules: await trustRuleViews(em, rows), total, fresh };
    });
  }
}
