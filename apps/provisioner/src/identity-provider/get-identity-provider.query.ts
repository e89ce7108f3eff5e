import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider } from '#libs/access';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { GetIdentityProvider } from './identity-provider.messages.js';
import { identityProviderViews } from './identity-provider-views.js';

@QueryHandler(GetIdentityProvider)
export class GetIdentityProviderHandler implements IQueryHandler<GetIdentityProvider> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body,
    context,
  }: GetIdentityProvider): Promise<ReplyOf<typeof subjects.getIdentityProvider>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const row = await em.findOne(IdentityProvider, { id: body.identityProviderId, isRemoved: false });
      const [identityProvider] = row ? await identityProviderViews(em, [row]) : [];
      if (identityProvider) return { identityProvider, fresh };
      throw new Problem(
        'identity-provider-unknown',
        'There is no such identity provider. GET /api/v1/admin/identity-providers lists all.',
      );
    });
  }
}
