import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { may, type Principal } from '#libs/access';
import { type Caller, Problem } from '#libs/contracts';
import { EventStream } from '../event-stream/event-stream.js';
import type { FeedBatch } from './feed-batch.js';
import type { FeedEvent } from './feed-event.js';

/** After which a reader whose connection was lost comes again. */
const RETRY_MS = 2_000;
const OUTAGE_PAUSE_MS = 2_000;

export type FeedReader = {
  caller: Caller;
  /** Log position of what they have seen last. */
  after: bigint;
  /** Rejects with a problem once the caller may read no longer. */
  judge: () => Promise<Principal>;
  /** What comes after a log position; undefined when nothing does yet. */
  next: (after: bigint, principal: Principal, signal: AbortSignal) => Promise<FeedBatch | undefined>;
  onEnd: (error?: unknown) => void;
};

/**
 * What one caller is told, in the order of the log and each fact once. Whoever is slow holds no more than a batch:
 * what happens meanwhile is found again afterwards, among what is recent or in the log.
 */
export class FeedStream {
  private readonly stream: EventStream;
  private principal: Promise<Principal>;
  private position: bigint;
  /** The newest id the reader was given. */
  private told: bigint;
  private changed = false;
  private wake = () => {};

  constructor(
    out: ServerResponse,
    private readonly reader: FeedReader,
  ) {
    this.position = reader.after;
    this.told = reader.after;
    this.stream = new EventStream(out, { onHeartbeat: () => this.beat(), onEnd: reader.onEnd });
    this.stream.ended.addEventListener('abort', () => this.wake());
    this.principal = this.judged();
    void this.run();
  }

  /** There may be more to tell. */
  touch(): void {
    this.changed = true;
    this.wake();
  }

  /** The caller may have other rights than before, or none. */
  rejudge(): void {
    this.principal = this.judged();
  }

  end(error?: unknown): void {
    this.stream.end(error);
  }

  private async run(): Promise<void> {
    const { ended } = this.stream;
    try {
      await this.stream.write(`retry: ${RETRY_MS}\n${idOf(this.position)}\n`);
      while (!ended.aborted) {
        this.changed = false;
        const batch = await this.orLater(async () =>
          this.reader.next(this.position, await this.principal, ended),
        );
        if (batch) await this.tell(batch);
        else await this.untilTouched();
      }
    } catch (error) {
      this.end(error);
    }
  }

  private async tell(batch: FeedBatch): Promise<void> {
    for (const event of await this.orLater(batch.events)) {
      if (event.position <= this.position) continue;
      if (may(await this.principal, 'runner.see', event.ownership)) await this.send(event);
      this.position = event.position;
    }
    this.position = batch.upTo > this.position ? batch.upTo : this.position;
  }

  private async send({ position, text }: FeedEvent): Promise<void> {
    this.told = position;
    await this.stream.write(text);
  }

  /** What cannot be asked just now is asked again. */
  private async orLater<T>(question: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await question();
      } catch (error) {
        this.stream.ended.throwIfAborted();
        if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
        await sleep(OUTAGE_PAUSE_MS, undefined, { signal: this.stream.ended });
      }
    }
  }

  private judged(): Promise<Principal> {
    const judgement = this.orLater(this.reader.judge);
    judgement.catch((error: unknown) => this.end(error));
    return judgement;
  }

  private untilTouched(): Promise<void> {
    if (this.changed || this.stream.ended.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }

  /** Whoever has not been told anything for long need not have the log searched from there when they come again. */
  private beat(): void {
    const id = this.position > this.told ? idOf(this.position) : '';
    if (this.stream.writeIfReady(`: still here\n${id}\n`)) this.told = this.position;
  }
}

const idOf = (position: bigint): string => (position < 0n ? '' : `id: ${position}\n`);
