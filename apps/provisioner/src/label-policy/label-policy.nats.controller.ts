import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  GetLabelPolicy,
  ListLabelPolicies,
  RemoveLabelPolicy,
  SetLabelPolicy,
} from './label-policy.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class LabelPolicyNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.setLabelPolicy.subject)
  set(@Payload(asked(subjects.setLabelPolicy)) question: Asked<typeof subjects.setLabelPolicy>) {
    return this.commands.execute(new SetLabelPolicy(question));
  }

  @MessagePattern(subjects.removeLabelPolicy.subject)
  remove(@Payload(asked(subjects.removeLabelPolicy)) question: Asked<typeof subjects.removeLabelPolicy>) {
    return this.commands.execute(new RemoveLabelPolicy(question));
  }

  @MessagePattern(subjects.getLabelPolicy.subject)
  get(@Payload(asked(subjects.getLabelPolicy)) question: Asked<typeof subjects.getLabelPolicy>) {
    return this.queries.execute(new GetLabelPolicy(question));
  }

  @MessagePattern(subjects.listLabelPolicies.subject)
  list(@Payload(asked(subjects.listLabelPolicies)) question: Asked<typeof subjects.listLabelPolicies>) {
    return this.queries.execute(new ListLabelPolicies(question));
  }
}
