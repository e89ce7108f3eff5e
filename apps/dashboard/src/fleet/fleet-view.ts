import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection } from '#libs/access';
import type { Recorded } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import {
  caughtUpWith,
  type Database,
  type EntityManager,
  type RunningProjections,
  runProjections,
} from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { DATABASE, EVENT_STORE } from '../dashboard.tokens.js';
import { fleetProjection } from './fleet.projection.js';

type Listener = (facts: readonly Recorded[]) => void;

/** The fleet and who may see it, kept up with the log. */
@Injectable()
export class FleetView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('fleet');
  private readonly listeners = new Set<Listener>();
  private projections: RunningProjections | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.projections = runProjections({
      log: this.log,
      database: this.database,
      projections: [fleetProjection, membershipProjection],
      logger: this.logger,
      onApplied: (facts) => {
        if (facts.length > 0) for (const listener of this.listeners) listener(facts);
      },
    });
  }

  /** False when the rows do not yet hold what the caller knows of. */
  caughtUpWith(knownPosition: string | undefined): Promise<boolean> {
    return caughtUpWith(this.running(), knownPosition);
  }

  /** Every fact about a runner up to this log position is in the rows. */
  position(): bigint {
    const progress = this.running()
      .progress()
      .find(({ name }) => name === fleetProjection.name);
    return progress?.position ?? -1n;
  }

  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(question);
  }

  /** Tells of facts once they are in the rows, until the function it answers is called. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  health(): CheckResult {
    return this.projections?.health() ?? { status: 'down', detail: 'not started' };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.projections?.stop();
    await this.database.close();
    await this.log.close();
  }

  private running(): RunningProjections {
    if (!this.projections) throw new Error('the fleet view has not been started');
    return this.projections;
  }
}
