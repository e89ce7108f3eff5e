import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ChangeIdentityProvider } from './identity-provider.messages.js';
import { findIdentityProviderView } from './identity-provider-views.js';
import { IdentityProviders } from './identity-providers.js';

@CommandHandler(ChangeIdentityProvider)
export class ChangeIdentityProviderHandler implements ICommandHandler<ChangeIdentityProvider> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly providers: IdentityProviders,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body,
    context,
  }: ChangeIdentityProvider): Promise<ReplyOf<typeof subjects.changeIdentityProvider>> {
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const change = { ...body, at: new Date().toISOString() };
    await this.providers.keepIn(administrator.caller, change);
    const position = await this.providers.change(change, origin);
    const identityProvider = await this.view.written(position, (em) =>
      findIdentityProviderView(em, body.identityProviderId),
    );
    return { identityProvider, ...present('position', position?.toString()) };
  }
}
