import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { GetLabelPolicy } from './label-policy.messages.js';
import { findLabelPolicyView, userMeant } from './label-policy-views.js';

@QueryHandler(GetLabelPolicy)
export class GetLabelPolicyHandler implements IQueryHandler<GetLabelPolicy> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: GetLabelPolicy): Promise<ReplyOf<typeof subjects.getLabelPolicy>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    const policy = await this.view.read(async (em) =>
      findLabelPolicyView(em, await userMeant(em, body.userIdentity)),
    );
    if (policy === undefined)
      throw new Problem('label-policy-unknown', 'This user has no label policy: the default counts.');
    return { policy, fresh };
  }
}
