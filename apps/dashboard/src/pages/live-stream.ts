import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from '#libs/contracts';
import { EventStream } from '../event-stream/event-stream.js';

/** A page's moving part as it is now. */
export type Fragment = { html: string; position: bigint };

/** However much happens, a reader's page moves no more often than this. */
const MIN_INTERVAL_MS = 400;
const OUTAGE_PAUSE_MS = 2_000;

/**
 * Server-sent events of one page. However far behind its reader is, it holds no more than one fragment: what
 * happened meanwhile is in the next one. A reconnecting reader needs no history for the same reason.
 */
export class LiveStream {
  private changed = false;
  private sending = false;
  private lastDigest = '';
  private readonly stream: EventStream;

  /** @param render rejects with a problem once the reader may no longer look */
  constructor(
    out: ServerResponse,
    private readonly render: () => Promise<Fragment>,
    onEnd: (error?: unknown) => void,
  ) {
    this.stream = new EventStream(out, { onHeartbeat: () => this.beat(), onEnd });
  }

  /** Something may look different now. */
  touch(): void {
    this.changed = true;
    if (!this.sending) void this.send();
  }

  end(error?: unknown): void {
    this.stream.end(error);
  }

  private async send(): Promise<void> {
    this.sending = true;
    const { ended: signal } = this.stream;
    try {
      while (this.changed && !signal.aborted) {
        this.changed = false;
        await this.sendOnce();
        await sleep(MIN_INTERVAL_MS, undefined, { signal });
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
      await this.stream.write(message(html, position));
      this.lastDigest = digest;
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'unavailable') throw error;
      this.changed = true;
      await sleep(OUTAGE_PAUSE_MS, undefined, { signal: this.stream.ended });
    }
  }

  /** Ages are shown; they have to move, too. */
  private beat(): void {
    this.stream.writeIfReady(': still here\n\n');
    this.touch();
  }
}

const message = (html: string, position: bigint): string =>
  `id: ${position}\n${html
    .split('\n')
    .map((line) => `data: ${line}\n`)
    .join('')}\n`;
