import type { ClientNats } from '@nestjs/microservices';
import { firstValueFrom, merge, mergeMap, Subject as Stream, TimeoutError, throwError, timeout } from 'rxjs';
import {
  Problem,
  problemDataSchema,
  type ReplyOf,
  type RequestContext,
  type RequestOf,
  type Subject,
} from '#libs/contracts';

/** Questions over NATS. There is no default timeout in the transport, so every question brings its own. */
export class Bus {
  private readonly interruptions = new Stream<void>();
  private connected = false;

  constructor(private readonly client: ClientNats) {}

  /**
   * Asks the app that answers the subject and waits for its reply.
   * @throws Problem what the app refused with, or `service-unavailable` when nobody answered
   */
  async ask<S extends Subject>(
    subject: S,
    body: RequestOf<S>,
    context: RequestContext,
    { timeoutMs = subject.timeoutMs }: { timeoutMs?: number } = {},
  ): Promise<ReplyOf<S>> {
    const envelope = { body, context: { ...context, deadline: Date.now() + timeoutMs } };
    try {
      const answer = this.client.send<unknown>(subject.subject, envelope);
      const reply = await firstValueFrom(merge(answer, this.interrupted()).pipe(timeout(timeoutMs)));
      return subject.reply.parse(reply) as ReplyOf<S>;
    } catch (error) {
      throw asProblem(error, subject);
    }
  }

  /** False while the connection to the bus is broken. */
  isConnected(): boolean {
    try {
      return !this.client.unwrap<{ isClosed(): boolean }>().isClosed() && this.connected;
    } catch {
      return false;
    }
  }

  async connect(): Promise<void> {
    this.client.status.subscribe((status) => {
      this.connected = status === 'connected';
      if (status === 'disconnected') this.interruptions.next();
    });
    await this.client.connect();
    this.connected = true;
  }

  /** A round trip to the server itself: a frozen bus is connected and yet of no use. Milliseconds. */
  async ping(timeoutMs: number): Promise<void> {
    const connection = this.client.unwrap<{ rtt(): Promise<number> }>();
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([
        connection.rtt(),
        new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error(`no answer for ${timeoutMs} ms`)), timeoutMs);
        }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Fails when the connection breaks: answers to what was asked before do not come any more. */
  private interrupted() {
    return this.interruptions.pipe(
      mergeMap(() => throwError(() => new Error('the connection to the bus broke'))),
    );
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}

const asProblem = (error: unknown, { subject, answeredBy }: Subject): Problem => {
  if (error instanceof Problem) return error;
  const known = problemDataSchema.safeParse(error);
  if (known.success) return Problem.fromData(known.data);
  const reason = error instanceof TimeoutError ? 'did not answer in time' : 'is not available';
  return new Problem('service-unavailable', `The ${answeredBy} ${reason}. Try again in a few seconds.`, {
    retryAfterSeconds: 2,
    cause: new Error(`no reply on ${subject}`, { cause: error }),
  });
};
