import type { ServerResponse } from 'node:http';

/** So that proxies keep the connection. */
const HEARTBEAT_MS = 15_000;
/** A reader who takes nothing for this long is gone. */
const STALLED_MS = 30_000;
/** What is left to be sent at the end may take so long. */
const LAST_WORDS_MS = 10_000;

export const EVENT_STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-content-type-options': 'nosniff',
};

export type EventStreamEvents = {
  onHeartbeat: () => void;
  /** Once, however it ended. */
  onEnd: (error?: unknown) => void;
};

/** The writing end of server-sent events: never holds more than one message its reader has not taken. */
export class EventStream {
  private readonly ending = new AbortController();
  private readonly heartbeat: NodeJS.Timeout;
  private writing = false;

  constructor(
    private readonly out: ServerResponse,
    private readonly events: EventStreamEvents,
  ) {
    this.heartbeat = setInterval(() => this.events.onHeartbeat(), HEARTBEAT_MS);
    // a connection that outlived its stream would keep a server from closing until it is taken to be idle
    out.writeHead(200, { ...EVENT_STREAM_HEADERS, connection: 'close' });
    out.flushHeaders();
    out.on('close', () => this.end());
    out.on('error', () => this.end());
  }

  /** Aborted once it has ended. */
  get ended(): AbortSignal {
    return this.ending.signal;
  }

  /** Resolves when the reader is ready for more. One at a time. */
  async write(text: string): Promise<void> {
    this.ended.throwIfAborted();
    if (this.out.write(text)) return;
    this.writing = true;
    try {
      await this.untilTaken();
    } finally {
      this.writing = false;
    }
  }

  /** Something that may as well be left out while the reader is busy with what came before; false if it was. */
  writeIfReady(text: string): boolean {
    if (this.writing || this.ended.aborted) return false;
    this.out.write(text);
    return true;
  }

  end(error?: unknown): void {
    if (this.ended.aborted) return;
    this.ending.abort();
    clearInterval(this.heartbeat);
    this.out.end();
    const lastWords = setTimeout(() => this.out.destroy(), LAST_WORDS_MS).unref();
    this.out.once('close', () => clearTimeout(lastWords));
    this.events.onEnd(error);
  }

  private untilTaken(): Promise<void> {
    const { out } = this;
    const signal = AbortSignal.any([this.ended, AbortSignal.timeout(STALLED_MS)]);
    return new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        out.off('drain', taken);
        reject(signal.reason);
      };
      const taken = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      out.once('drain', taken);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
