import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RemoveIdentityProvider } from './identity-provider.messages.js';
import { findIdentityProviderView } from './identity-provider-views.js';
import { IdentityProviders } from './identity-providers.js';

/** Whoever came with its tokens gets no further, users and machines alike; nothing of theirs is removed. */
@CommandHandler(RemoveIdentityProvider)
export class RemoveIdentityProviderHandler implements ICommandHandler<RemoveIdentityProvider> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly providers: IdentityProviders,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body: { identityProviderId },
    context,
  }: RemoveIdentityProvider): Promise<ReplyOf<typeof subjects.removeIdentityProvider>> {
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const at = new Date().toISOString();
    const position = await this.providers.remove({ identityProviderId, at }, origin);
    const identityProvider = await this.view.written(position, (em) =>
      findIdentityProviderView(em, identityProviderId),
    );
    return { identityProvider, ...present('position', position?.toString()) };
  }
}
