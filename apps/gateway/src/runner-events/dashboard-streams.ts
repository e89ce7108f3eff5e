import { Readable } from 'node:stream';
import type { OnModuleDestroy } from '@nestjs/common';
import { Problem } from '#libs/contracts';
import { CALLER_PASS_HEADER, signCallerPass } from '#libs/runtime';
import type { Asking } from '../caller/request-context.js';
import { dashboardUnreachable } from '../dashboard/dashboard-unreachable.js';
import { problemFrom } from './problem-from.js';

/** Until the dashboard has said whether it will answer. */
const BEGINS_WITHIN_MS = 10_000;
/** There is a heartbeat every 15 s: whoever takes nothing for this long is gone. */
const STALLED_MS = 60_000;
/** Of one caller, when requests are limited at all. */
const MOST_PER_CALLER = 100;
const PASSED_ON = ['content-type', 'cache-control', 'x-accel-buffering', 'x-content-type-options'];

export type DashboardStreamsOptions = {
  /** Where the dashboard app listens internally. */
  upstream: string;
  serverSecret: string;
  /** Whether one caller may have any number of them open. */
  unlimited: boolean;
};

/** What the dashboard app sends for as long as somebody listens, passed on as it comes. */
export class DashboardStreams implements OnModuleDestroy {
  /** By whom each is open. */
  private readonly open = new Map<AbortController, string>();

  constructor(private readonly options: DashboardStreamsOptions) {}

  /**
   * What is to be sent; nothing to whoever asked for the headers only.
   * @throws Problem as the dashboard refuses, rate-limited, service-unavailable
   */
  async follow(path: string, headers: Record<string, string>, asking: Asking): Promise<Readable | undefined> {
    const { caller, reply } = asking;
    const openedBy = `${caller.issuer}|${caller.subject}`;
    if (this.hasTooMany(openedBy)) throw tooMany();
    const leaving = new AbortController();
    const leave = () => {
      leaving.abort();
      this.open.delete(leaving);
    };
    this.open.set(leaving, openedBy);
    reply.raw.once('close', leave);
    // whoever has gone while they were being identified does not go again
    if (reply.raw.destroyed) leave();
    try {
      const answer = await this.ask(path, headers, asking, leaving);
      if (!answer.ok) throw await problemFrom(answer);
      for (const name of PASSED_ON) {
        const value = answer.headers.get(name);
        if (value !== null) reply.header(name, value);
      }
      // a connection that outlived its stream would keep the server from closing until it is taken to be idle
      reply.header('connection', 'close');
      reply.raw.setTimeout(STALLED_MS, () => reply.raw.destroy());
      return answer.body ? Readable.from(untilGone(answer.body), { objectMode: false }) : undefined;
    } catch (error) {
      this.open.delete(leaving);
      throw error;
    }
  }

  /** Before the server closes: it waits for open connections. */
  onModuleDestroy(): void {
    for (const leaving of this.open.keys()) leaving.abort();
  }

  private hasTooMany(openedBy: string): boolean {
    if (this.options.unlimited) return false;
    return [...this.open.values()].filter((each) => each === openedBy).length >= MOST_PER_CALLER;
  }

  private async ask(
    path: string,
    headers: Record<string, string>,
    { caller, context, reply }: Asking,
    leaving: AbortController,
  ): Promise<Response> {
    const { upstream, serverSecret } = this.options;
    const timer = setTimeout(() => leaving.abort(), BEGINS_WITHIN_MS);
    try {
      return await fetch(`${upstream.replace(/\/$/, '')}${path}`, {
        method: reply.request.method,
        headers: {
          ...headers,
          [CALLER_PASS_HEADER]: signCallerPass(caller, serverSecret),
          'x-request-id': context.requestId,
        },
        signal: leaving.signal,
      });
    } catch (error) {
      throw dashboardUnreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }
}

const tooMany = () =>
  new Problem('rate-limited', `You have ${MOST_PER_CALLER} streams open. Close one first.`, {
    retryAfterSeconds: 30,
  });

/** Ends in order also when the dashboard does not: whoever listens comes again with the id of the last event. */
async function* untilGone(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch {
    // it has gone, or we are going, or nobody listens any more
  }
}
