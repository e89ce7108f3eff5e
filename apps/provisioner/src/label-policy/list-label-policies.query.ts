import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { labelPolicySortFields, ReplyOf, subjects } from '#libs/contracts';
import { orderBy } from '../tenancy/conditions.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { UserLabelPolicy, type UserLabelPolicyRow } from './label-policy.entity.js';
import { ListLabelPolicies } from './label-policy.messages.js';
import { labelPolicyViews } from './label-policy-views.js';

const SORT_COLUMNS: Record<(typeof labelPolicySortFields)[number], keyof UserLabelPolicyRow & string> = {
  updated_at: 'position',
  max_runners: 'maxRunners',
};

@QueryHandler(ListLabelPolicies)
export class ListLabelPoliciesHandler implements IQueryHandler<ListLabelPolicies> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListLabelPolicies): Promise<ReplyOf<typeof subjects.listLabelPolicies>> {
    const { sort, limit, offset } = body;
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [rows, total] = await em.findAndCount(
        UserLabelPolicy,
        { isRemoved: false },
        { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS, 'userId'), disableIdentityMap: true },
      );
      return { policies: await labelPolicyViews(em, rows), total, fresh };
    });
  }
}
