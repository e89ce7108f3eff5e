import {
  type BeforeApplicationShutdown,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { ProjectionStats } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import type { Bus } from '#libs/messaging';
import { type Database, type RunningProjections, runProjections } from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { isAboutRequestedCycles, requestedCycleProjection } from './cycles/requested-cycle.projection.js';
import type { RequestedCycles } from './cycles/requested-cycles.js';
import type { Leader } from './reconciliation/leader.js';
import { pause } from './scheduling/pause.js';
import type { JobReporter } from './tracking/job-reporter.js';
import { trackingProjection } from './tracking/tracking.projection.js';

export type SyncWorkParts = {
  store: EventStore;
  database: Database;
  bus: Pick<Bus, 'close'>;
  reporter: JobReporter;
  requested: Pick<RequestedCycles, 'news'>;
  leader: Leader;
};

/** What is in hand may be finished for this long when the process is told to end. */
const FINISH_MS = 3_000;

/** What sync does without being asked. It acts on what it knows only once it has read the log to its end. */
export class SyncWork implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private projections: RunningProjections | undefined;
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: SyncWorkParts) {}

  onApplicationBootstrap(): void {
    const { store, database, reporter, requested } = this.parts;
    this.projections = runProjections({
      log: store,
      database,
      projections: [trackingProjection, requestedCycleProjection],
      logger: new Logger('tracking'),
      onApplied: (facts) => {
        reporter.wake();
        if (facts.some(isAboutRequestedCycles)) requested.news.ring();
      },
    });
    this.ended = this.work(this.projections);
  }

  projectionStats(): ProjectionStats[] {
    return this.projections?.stats() ?? [];
  }

  health(): CheckResult {
    return this.projections?.health() ?? { status: 'down', detail: 'not started' };
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const patience = new AbortController();
    await Promise.race([this.ended, pause(FINISH_MS, patience.signal)]);
    patience.abort();
  }

  async onApplicationShutdown(): Promise<void> {
    const { store, database, bus } = this.parts;
    await this.projections?.stop();
    await bus.close();
    await store.close();
    await database.close();
  }

  private async work(projections: RunningProjections): Promise<void> {
    const { signal } = this.stopping;
    const stopped = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([projections.untilCaughtUp(), stopped]);
    if (signal.aborted) return;
    await Promise.all([this.parts.reporter.run(signal), this.parts.leader.lead(signal)]);
  }
}
