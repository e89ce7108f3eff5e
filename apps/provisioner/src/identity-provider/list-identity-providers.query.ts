import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { IdentityProvider, type IdentityProviderRow } from '#libs/access';
import type { identityProviderSortFields, ReplyOf, subjects } from '#libs/contracts';
import { orderBy } from '../tenancy/conditions.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ListIdentityProviders } from './identity-provider.messages.js';
import { identityProviderViews } from './identity-provider-views.js';

const SORT_COLUMNS: Record<(typeof identityProviderSortFields)[number], keyof IdentityProviderRow & string> =
  { created_at: 'createdAt', updated_at: 'updatedAt', name: 'name', issuer: 'issuer' };

@QueryHandler(ListIdentityProviders)
export class ListIdentityProvidersHandler implements IQueryHandler<ListIdentityProviders> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body: { sort, limit, offset },
    context,
  }: ListIdentityProviders): Promise<ReplyOf<typeof subjects.listIdentityProviders>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const [rows, total] = await em.findAndCount(
        IdentityProvider,
        { isRemoved: false },
        { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS) },
      );
      return { identityProviders: await identityProviderViews(em, rows), total, fresh };
    });
  }
}
