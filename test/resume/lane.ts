import { randomUUID } from 'node:crypto';
import { Problem } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';

const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };

/** Somebody who writes one fact after the other into a stream, and sends each again until it is acknowledged. */
export class Lane {
  /** Ids of the facts, as acknowledged; a fact's revision is its place. */
  readonly acknowledged: string[] = [];
  readonly stream = `runnerName-${randomUUID()}`;

  constructor(private readonly store: EventStore) {}

  async write(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const id = randomUUID();
      await this.append(id);
      this.acknowledged.push(id);
    }
  }

  private async append(id: string): Promise<void> {
    const data = { runnerId: randomUUID(), releasedAt: new Date().toISOString() };
    const seen = this.acknowledged.length;
    const expected = seen === 0 ? 'no_stream' : BigInt(seen - 1);
    for (;;) {
      try {
        await this.store.append(this.stream, [{ type: 'RunnerNameReleased', id, data, metadata }], expected);
        return;
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== 'event-store-unavailable') throw error;
      }
    }
  }
}
