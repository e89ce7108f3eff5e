import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Recorded } from '#libs/contracts';
import { type EventStore, eventStoreDb } from '#libs/event-store';
import type { System } from '../support/system.js';

const PREFIXES = ['runner-', 'runnerName-', 'teamCapacity-', 'userCapacity-', 'githubDelivery-'];

/** The log itself, as far as runners and deliveries are told in it. */
export class LogReader {
  readonly facts: Recorded[] = [];
  private readonly store: EventStore;
  private position: bigint | undefined;

  constructor({ dataDir }: Pick<System, 'dataDir'>) {
    const ports = JSON.parse(readFileSync(join(dataDir, 'ports.json'), 'utf8')) as Record<string, number>;
    this.store = eventStoreDb(`esdb://127.0.0.1:${ports['event-store-protocol']}?tls=false`);
  }

  /** Resolves when the log has been read to its end. */
  async readOn(): Promise<void> {
    const caughtUp = new AbortController();
    await this.store.follow({
      prefixes: PREFIXES,
      after: this.position,
      signal: caughtUp.signal,
      onFacts: async (facts, position) => {
        this.facts.push(...facts);
        this.position = position;
      },
      onCaughtUp: () => caughtUp.abort(),
    });
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
