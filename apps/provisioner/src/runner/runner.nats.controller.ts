import { Controller, UseFilters } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { subjects } from '#libs/contracts';
import { type Asked, asked, ProblemReplyFilter } from '#libs/messaging';
import {
  AbandonRunner,
  CheckProvisioning,
  DeprovisionRunner,
  ProvisionRunner,
  RecordObservation,
  RecordWorkflowJob,
  RefreshRunner,
  RenewRegistrationToken,
  SettleRunner,
} from './runner.messages.js';

/** Subject → handler. */
@Controller()
@UseFilters(ProblemReplyFilter)
export class RunnerNatsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @MessagePattern(subjects.provisionRunner.subject)
  provision(@Payload(asked(subjects.provisionRunner)) question: Asked<typeof subjects.provisionRunner>) {
    return this.commands.execute(new ProvisionRunner(question));
  }

  @MessagePattern(subjects.deprovisionRunner.subject)
  deprovision(
    @Payload(asked(subjects.deprovisionRunner)) question: Asked<typeof subjects.deprovisionRunner>,
  ) {
    return this.commands.execute(new DeprovisionRunner(question));
  }

  @MessagePattern(subjects.refreshRunner.subject)
  refresh(@Payload(asked(subjects.refreshRunner)) question: Asked<typeof subjects.refreshRunner>) {
    return this.commands.execute(new RefreshRunner(question));
  }

  @MessagePattern(subjects.renewRegistrationToken.subject)
  renewRegistrationToken(
    @Payload(asked(subjects.renewRegistrationToken)) question: Asked<typeof subjects.renewRegistrationToken>,
  ) {
    return this.commands.execute(new RenewRegistrationToken(question));
  }

  @MessagePattern(subjects.abandonRunner.subject)
  abandon(@Payload(asked(subjects.abandonRunner)) question: Asked<typeof subjects.abandonRunner>) {
    return this.commands.execute(new AbandonRunner(question));
  }

  @MessagePattern(subjects.recordObservation.subject)
  recordObservation(
    @Payload(asked(subjects.recordObservation)) question: Asked<typeof subjects.recordObservation>,
  ) {
    return this.commands.execute(new RecordObservation(question));
  }

  @MessagePattern(subjects.recordWorkflowJob.subject)
  recordWorkflowJob(
    @Payload(asked(subjects.recordWorkflowJob)) question: Asked<typeof subjects.recordWorkflowJob>,
  ) {
    return this.commands.execute(new RecordWorkflowJob(question));
  }

  @MessagePattern(subjects.settleRunner.subject)
  settle(@Payload(asked(subjects.settleRunner)) question: Asked<typeof subjects.settleRunner>) {
    return this.commands.execute(new SettleRunner(question));
  }

  @MessagePattern(subjects.checkProvisioning.subject)
  check(@Payload(asked(subjects.checkProvisioning)) question: Asked<typeof subjects.checkProvisioning>) {
    return this.queries.execute(new CheckProvisioning(question));
  }
}
