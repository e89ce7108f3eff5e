import { setTimeout } from 'node:timers/promises';
import type { EventLog } from '../storage/event-log.js';
import type { PrunableStream } from '../storage/event-remover.js';
import { removableEvents } from './removable-events.js';

/** Streams looked at in one go. */
const STREAMS = 128;

/** Pages of the file given back in one go. */
const PAGES = 64;

/** Of its time, scavenging leaves this many parts to writers and readers for each it takes. */
const REST = 3;

export interface ScavengeResult {
  readonly removedEvents: number;
  /** By which the file became shorter. */
  readonly reclaimedBytes: number;
  /** Milliseconds. */
  readonly duration: number;
}

export interface ScavengeListener {
  scavenged(result: ScavengeResult): void;
  /** What it removed before stays removed; the next run does the rest. */
  scavengeFailed(error: Error): void;
}

/** Removes from the file what no reader of a stream is shown any more, and shortens the file. */
export class Scavenger {
  readonly #stopping = new AbortController();
  #running: Promise<ScavengeResult | undefined> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly listener: ScavengeListener,
  ) {}

  /**
   * One run through the whole log; joins the run in progress if there is one.
   *
   * @returns undefined when it failed or the server stops
   */
  scavenge(): Promise<ScavengeResult | undefined> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Settles when it touches the file no more. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<ScavengeResult | undefined> {
    const started = performance.now();
    let removedEvents = 0;
    let reclaimedBytes = 0;
    try {
      for await (const stream of this.#prunableStreams()) removedEvents += await this.#prune(stream);
      for (let bytes = await this.#shrink(); bytes > 0; bytes = await this.#shrink()) reclaimedBytes += bytes;
      if (reclaimedBytes > 0) await this.#slice(() => this.log.carryJournalOver());
    } catch (error) {
      if (this.#stopping.signal.aborted) return undefined;
      this.listener.scavengeFailed(error instanceof Error ? error : new Error(String(error)));
      return undefined;
    }
    const result = { removedEvents, reclaimedBytes, duration: performance.now() - started };
    this.listener.scavenged(result);
    return result;
  }

  async *#prunableStreams(): AsyncGenerator<PrunableStream> {
    const { remover } = this.log;
    for (let first = 1; first <= remover.lastStreamId; first += STREAMS) {
      yield* await this.#slice(() => remover.prunableStreams(first, first + STREAMS - 1));
    }
  }

  async #prune({ streamId, streamName, lastRevision }: PrunableStream): Promise<number> {
    let removed = 0;
    for (;;) {
      const events = await this.#slice(() => {
        const { log } = this;
        const removable = removableEvents(log.stream(streamName), lastRevision, log.currentTime);
        const chunk = log.remover.firstRemovable(streamId, removable);
        if (chunk !== undefined) log.withoutSync(() => log.transaction(() => log.remover.remove(chunk)));
        return chunk?.events ?? 0;
      });
      if (events === 0) return removed;
      removed += events;
    }
  }

  #shrink(): Promise<number> {
    return this.#slice(() => this.log.withoutSync(() => this.log.remover.shrink(PAGES)));
  }

  /** A little work in one turn of the event loop, then a rest: what waits to be appended goes first. */
  async #slice<T>(work: () => T): Promise<T> {
    this.#stopping.signal.throwIfAborted();
    const started = performance.now();
    const result = work();
    await this.#rest(Math.max(1, REST * (performance.now() - started)));
    return result;
  }

  #rest(milliseconds: number): Promise<void> {
    return setTimeout(milliseconds, undefined, { signal: this.#stopping.signal });
  }
}
