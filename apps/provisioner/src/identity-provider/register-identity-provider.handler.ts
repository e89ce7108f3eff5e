import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RegisterIdentityProvider } from './identity-provider.messages.js';
import { findIdentityProviderView } from './identity-provider-views.js';
import { IdentityProviders } from './identity-providers.js';

@CommandHandler(RegisterIdentityProvider)
export class RegisterIdentityProviderHandler implements ICommandHandler<RegisterIdentityProvider> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly providers: IdentityProviders,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body,
    context,
  }: RegisterIdentityProvider): Promise<ReplyOf<typeof subjects.registerIdentityProvider>> {
    const { identityProviderId, issuer, ...settings } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator), { commandId: identityProviderId });
    const position = await this.providers.register(
      { identityProviderId, issuer, settings, at: new Date().toISOString() },
      origin,
    );
    const identityProvider = await this.view.written(position, (em) =>
      findIdentityProviderView(em, identityProviderId),
    );
    return { identityProvider, ...present('position', position?.toString()) };
  }
}
