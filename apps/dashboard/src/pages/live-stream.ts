import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#libs/contracts';

/** A page's moving part as it is now. */
export type Fragment = { html: string; position: bigint };

/** However much happens, a reader's page moves no more often than this. */
const MIN_INTERVAL_MS = 400;
/** So that proxies keep the connection, and ages stay right. */
const HEARTBEAT_MS = 15_000;
/** A reader who takes nothing for this long is gone. */
const STALLED_MS = 30_000;
const OUTAGE_PAUSE_MS = 2_000;

/**
 * Server-sent events of one page. However far behind its reader is, it holds no more than one fragment: what
 * happened meanwhile is in the next one. A reconnecting reader needs no history for the same reason.
 */
export class LiveStream {
  private changed = false;
  private sending = false;
  private lastDigest = '';
  private readonly ended = new AbortController();
  private readonly heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);

  /** @param render rejects with a problem once the reader may no longer look */
  constructor(
    private readonly out: ServerResponse,
    private readonly render: () => Promise<Fragment>,
    private readonly onEnd: (error?: unknown) => void,
  ) {
    out.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    out.flushHeaders();
    out.on('close', () => this.end());
    out.on('error', () => this.end());
  }

  /** Something may look different now. */
  touch(): void {
    this.changed = true;
    if (!this.sending) void this.send();
  }

  end(error?: unknown): void {
    if (this.ended.signal.aborted) return;
    this.ended.abort();
    clearInterval(this.heartbeat);
    this.out.end();
    this.onEnd(error);
  }

  private async send(): Promise<void> {
    this.sending = true;
    try {
      while (this.changed && !this.ended.signal.aborted) {
        this.changed = false;
        await this.sendOnce();
        await sleep(MIN_INTERVAL_MS, undefined, { signal: this.ended.signal });
      }
    } catch (error) {
      this.end(error);
    } finally {
      this.sending = false;
    }
  }

  private async sendOnce(): Promise<void> {
    try {
      const { html, position } = await this.render();
      const digest = createHash('sha256').update(html).digest('base64');
      if (digest === this.lastDigest) return;
      await this.write(message(html, position));
      this.lastDigest = digest;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
      this.changed = true;
      await sleep(OUTAGE_PAUSE_MS, undefined, { signal: this.ended.signal });
    }
  }

  private async write(text: string): Promise<void> {
    if (this.out.write(text)) return;
    const signal = AbortSignal.any([this.ended.signal, AbortSignal.timeout(STALLED_MS)]);
    await new Promise<void>((resolve, reject) => {
      this.out.once('drain', resolve);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  }

  private beat(): void {
    if (!this.sending) this.out.write(': still here\n\n');
    this.touch();
  }
}

const message = (html: string, position: bigint): string =>
  `id: ${position}\n${html
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
