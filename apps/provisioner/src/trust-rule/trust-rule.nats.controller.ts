import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  ChangeTrustRule,
  CreateTrustRule,
  GetTrustRule,
  ListTrustRules,
  RemoveTrustRule,
  TestTrustRule,
} from './trust-rule.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class TrustRuleNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.createTrustRule.subject)
  create(@Payload(asked(subjects.createTrustRule)) question: Asked<typeof subjects.createTrustRule>) {
    return this.commands.execute(new CreateTrustRule(question));
  }

  @MessagePattern(subjects.changeTrustRule.subject)
  change(@Payload(asked(subjects.changeTrustRule)) question: Asked<typeof subjects.changeTrustRule>) {
    return this.commands.execute(new ChangeTrustRule(question));
  }

  @MessagePattern(subjects.removeTrustRule.subject)
  remove(@Payload(asked(subjects.removeTrustRule)) question: Asked<typeof subjects.removeTrustRule>) {
    return this.commands.execute(new RemoveTrustRule(question));
  }

  @MessagePattern(subjects.testTrustRule.subject)
  test(@Payload(asked(subjects.testTrustRule)) question: Asked<typeof subjects.testTrustRule>) {
    return this.queries.execute(new TestTrustRule(question));
  }

  @MessagePattern(subjects.getTrustRule.subject)
  get(@Payload(asked(subjects.getTrustRule)) question: Asked<typeof subjects.getTrustRule>) {
    return this.queries.execute(new GetTrustRule(question));
  }

  @MessagePattern(subjects.listTrustRules.subject)
  list(@Payload(asked(subjects.listTrustRules)) question: Asked<typeof subjects.listTrustRules>) {
    return this.queries.execute(new ListTrustRules(question));
  }
}
