import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider } from '#libs/access';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ListIdentityProviders } from './identity-provider.messages.js';
import { identityProviderViews } from './identity-provider-views.js';

@QueryHandler(ListIdentityProviders)
export class ListIdentityProvidersHandler implements IQueryHandler<ListIdentityProviders> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body: { limit, offset },
    context,
  }: ListIdentityProviders): Promise<ReplyOf<typeof subjects.listIdentityProviders>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [rows, total] = await em.findAndCount(
        IdentityProvider,
        { isRemoved: false },
        { limit, offset, orderBy: { createdAt: 'desc', id: 'desc' } },
      );
      return { identityProviders: await identityProviderViews(em, rows), total, fresh };
    });
  }
}
