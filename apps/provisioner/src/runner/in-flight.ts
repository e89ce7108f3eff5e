import { setTimeout as sleep } from 'node:timers/promises';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** The whole service stops within 10 seconds; what is not done by then is settled by the next process. */
const PATIENCE_MS = 6_000;
/** The provisionings this process is busy with: settling leaves them alone. */
@Injectable()
export class InFlight implements BeforeApplicationShutdown {
  private readonly runnerIds = new Set<string>();

  async during<T>(runnerId: string, work: () => Promise<T>): Promise<T> {
    this.runnerIds.add(runnerId);
    try {
      return await work();
    } finally {
      this.runnerIds.delete(runnerId);
    }
  }

  /** The bus and the store stay open until the answers are out. */
  async beforeApplicationShutdown(): Promise<void> {
    const giveUpAt = Date.now() + PATIENCE_MS;
    while (this.runnerIds.size > 0 && Date.now() < giveUpAt) await sleep(20);
  }

  has(runnerId: string): boolean {
    return this.runnerIds.has(runnerId);
  }
}
