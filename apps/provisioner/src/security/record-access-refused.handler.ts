import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  type Actor,
  type Caller,
  type ReplyOf,
  securityEvent,
  streams,
  type subjects,
} from '#libs/contracts';
import { type EventStore, idFromWords } from '#libs/event-store';
import type { Asked } from '#libs/messaging';
import { originOf } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';

type Subject = typeof subjects.recordAccessRefused;

export class RecordAccessRefused extends Command<ReplyOf<Subject>> {
  constructor(readonly asked: Asked<Subject>) {
    super();
  }
}

/** Anybody can cause refusals without limit: per source, code and minute one is a fact. */
@CommandHandler(RecordAccessRefused)
export class RecordAccessRefusedHandler implements ICommandHandler<RecordAccessRefused> {
  /** What this minute has recorded already. */
  private recorded = { minute: 0, ids: new Set<string>() };

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async execute({ asked: { body, context } }: RecordAccessRefused): Promise<ReplyOf<Subject>> {
    const { code, detail, source, route } = body;
    const refusedAt = new Date();
    const minute = Math.floor(refusedAt.getTime() / 60_000);
    if (this.recorded.minute !== minute) this.recorded = { minute, ids: new Set() };
    const id = idFromWords('access-refused', source, code, String(minute));
    if (this.recorded.ids.has(id)) return { recorded: 0 };
    this.recorded.ids.add(id);

    const { metadata, deadline } = originOf(context, actorOf(context.caller));
    const event = securityEvent('AccessRefused')({
      code,
      detail,
      refusedAt: refusedAt.toISOString(),
      ...(route === undefined ? {} : { route }),
    });
    const stream = streams.security(refusedAt.toISOString().slice(0, 10));
    const { position } = await this.store
      .append(stream, [{ ...event, id, metadata }], 'any', { deadline })
      .catch((error: unknown) => {
        this.recorded.ids.delete(id);
        throw error;
      });
    return { recorded: 1, position: String(position) };
  }
}

/** Whose token was good acts in its own name, also when the service knows nobody of that name. */
const actorOf = (caller: Caller | undefined): Actor =>
  caller
    ? { kind: 'user', issuer: caller.issuer, subject: caller.subject }
    : { kind: 'service', app: 'gateway' };
