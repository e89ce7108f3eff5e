import { Controller, UseFilters } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import { AskTrustedIssuers } from './trusted-issuers.query.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class IdentityProviderNatsController {
  constructor(private readonly queries: QueryBus) {}

  @MessagePattern(subjects.trustedIssuers.subject)
  trusted(@Payload(asked(subjects.trustedIssuers)) { context }: Asked<typeof subjects.trustedIssuers>) {
    return this.queries.execute(new AskTrustedIssuers(context));
  }
}
