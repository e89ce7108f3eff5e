import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { ReplyOf, RequestContext, RequestOf, Subject } from '#libs/contracts';
import { Bus } from '#libs/messaging';
import { staleWarning } from '../http/stale-warning.js';
import { KnownPositions } from './known-positions.js';
import type { Asking } from './request-context.js';

type Reading = Subject<z.ZodType, z.ZodType<{ fresh: boolean }>>;
type Writing = Subject<z.ZodType, z.ZodType<{ position?: string | undefined }>>;

/** Asks the services on a caller's behalf, so that the caller's next read shows what it has written. */
@Injectable()
export class Questions {
  constructor(
    private readonly bus: Bus,
    private readonly positions: KnownPositions,
  ) {}

  /** A look at a view that follows the log; a view that has not caught up is announced in the reply. */
  async read<S extends Reading>(subject: S, body: RequestOf<S>, asking: Asking): Promise<ReplyOf<S>> {
    const answer = await this.bus.ask(subject, body, this.contextOf(asking));
    staleWarning(asking.reply, (answer as { fresh: boolean }).fresh);
    return answer;
  }

  /** Something that records facts. */
  async write<S extends Writing>(
    subject: S,
    body: RequestOf<S>,
    { caller, context }: Asking,
  ): Promise<ReplyOf<S>> {
    const answer = await this.bus.ask(subject, body, context);
    const { position } = answer as { position?: string };
    if (position !== undefined) this.positions.wrote(caller, position);
    return answer;
  }

  /** What else is asked in the course of the same request. */
  async ask<S extends Subject>(subject: S, body: RequestOf<S>, asking: Asking): Promise<ReplyOf<S>> {
    return this.bus.ask(subject, body, this.contextOf(asking));
  }

  private contextOf({ caller, context }: Asking): RequestContext {
    const knownPosition = this.positions.of(caller);
    return knownPosition === undefined ? context : { ...context, knownPosition };
  }
}
