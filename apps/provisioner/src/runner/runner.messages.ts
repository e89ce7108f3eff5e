import { Command } from '@nestjs/cqrs';
import type { ReplyOf, Subject, subjects } from '#libs/contracts';
import type { Asked } from '#libs/messaging';

type Subjects = typeof subjects;

/** A question from the bus on its way to the one handler that answers it. */
class AskedCommand<S extends Subject> extends Command<ReplyOf<S>> {
  readonly body: Asked<S>['body'];
  readonly context: Asked<S>['context'];

  constructor({ body, context }: Asked<S>) {
    super();
    this.body = body;
    this.context = context;
  }
}

export class ProvisionRunner extends AskedCommand<Subjects['provisionRunner']> {}
export class DeprovisionRunner extends AskedCommand<Subjects['deprovisionRunner']> {}
export class RefreshRunner extends AskedCommand<Subjects['refreshRunner']> {}
export class AbandonRunner extends AskedCommand<Subjects['abandonRunner']> {}
export class RecordObservation extends AskedCommand<Subjects['recordObservation']> {}
export class RecordWorkflowJob extends AskedCommand<Subjects['recordWorkflowJob']> {}
export class SettleRunner extends AskedCommand<Subjects['settleRunner']> {}
