import { Command, Query } from '@nestjs/cqrs';
import type { ReplyOf, Subject } from '#libs/contracts';
import type { Asked } from './envelope.js';

/** A question from the bus that changes something, on its way to the one handler that answers it. */
export class AskedCommand<S extends Subject> extends Command<ReplyOf<S>> {
  readonly body: Asked<S>['body'];
  readonly context: Asked<S>['context'];

  constructor({ body, context }: Asked<S>) {
    super();
    this.body = body;
    this.context = context;
  }
}

/** A question from the bus that changes nothing. */
export class AskedQuery<S extends Subject> extends Query<ReplyOf<S>> {
  readonly body: Asked<S>['body'];
  readonly context: Asked<S>['context'];

  constructor({ body, context }: Asked<S>) {
    super();
    this.body = body;
    this.context = context;
  }
}
