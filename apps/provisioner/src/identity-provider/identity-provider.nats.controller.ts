import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  AskTrustedIssuers,
  ChangeIdentityProvider,
  GetIdentityProvider,
  ListIdentityProviders,
  RegisterIdentityProvider,
  RemoveIdentityProvider,
} from './identity-provider.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class IdentityProviderNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.registerIdentityProvider.subject)
  register(
    @Payload(asked(subjects.registerIdentityProvider))
    question: Asked<typeof subjects.registerIdentityProvider>,
  ) {
    return this.commands.execute(new RegisterIdentityProvider(question));
  }

  @MessagePattern(subjects.changeIdentityProvider.subject)
  change(
    @Payload(asked(subjects.changeIdentityProvider))
    question: Asked<typeof subjects.changeIdentityProvider>,
  ) {
    return this.commands.execute(new ChangeIdentityProvider(question));
  }

  @MessagePattern(subjects.removeIdentityProvider.subject)
  remove(
    @Payload(asked(subjects.removeIdentityProvider))
    question: Asked<typeof subjects.removeIdentityProvider>,
  ) {
    return this.commands.execute(new RemoveIdentityProvider(question));
  }

  @MessagePattern(subjects.getIdentityProvider.subject)
  get(@Payload(asked(subjects.getIdentityProvider)) question: Asked<typeof subjects.getIdentityProvider>) {
    return this.queries.execute(new GetIdentityProvider(question));
  }

  @MessagePattern(subjects.listIdentityProviders.subject)
  list(
    @Payload(asked(subjects.listIdentityProviders)) question: Asked<typeof subjects.listIdentityProviders>,
  ) {
    return this.queries.execute(new ListIdentityProviders(question));
  }

  @MessagePattern(subjects.trustedIssuers.subject)
  trusted(@Payload(asked(subjects.trustedIssuers)) question: Asked<typeof subjects.trustedIssuers>) {
    return this.queries.execute(new AskTrustedIssuers(question));
  }
}
