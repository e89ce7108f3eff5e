import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { UserLabelPolicy } from './label-policy.entity.js';
import { ListLabelPolicies } from './label-policy.messages.js';
import { labelPolicyViews } from './label-policy-views.js';

@QueryHandler(ListLabelPolicies)
export class ListLabelPoliciesHandler implements IQueryHandler<ListLabelPolicies> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListLabelPolicies): Promise<ReplyOf<typeof subjects.listLabelPolicies>> {
    const { limit, offset } = body;
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [rows, total] = await em.findAndCount(
        UserLabelPolicy,
        { isRemoved: false },
        { limit, offset, orderBy: { position: 'desc' }, disableIdentityMap: true },
      );
      return { policies: await labelPolicyViews(em, rows), total, fresh };
    });
  }
}
