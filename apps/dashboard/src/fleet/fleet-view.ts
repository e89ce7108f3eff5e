import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection, type Principal, Principals } from '#libs/access';
import type { Caller, ProjectionStats, Recorded } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import {
  caughtUpWith,
  type Database,
  type EntityManager,
  type RunningProjections,
  runProjections,
} from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { DATABASE, ENVIRONMENT_ISSUER, EVENT_STORE } from '../dashboard.tokens.js';
import { fleetProjection } from './fleet.projection.js';

type Listener = (facts: readonly Recorded[]) => void;

/** The fleet and who may see it, kept up with the log. */
@Injectable()
export class FleetView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('fleet');
  private readonly listeners = new Set<Listener>();
  private readonly resumptionListeners = new Set<() => void>();
  private readonly principals: Principals;
  private projections: RunningProjections | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ENVIRONMENT_ISSUER) environmentIssuer: string | undefined,
  ) {
    this.principals = new Principals({ environmentIssuer });
  }

  onApplicationBootstrap(): void {
    this.projections = runProjections({
      log: this.log,
      database: this.database,
      projections: [fleetProjection, membershipProjection],
      passedBy: ['labelPolicy-', 'operation-'],
      logger: this.logger,
      onResumed: () => {
        this.principals.forgetAll();
        for (const listener of this.resumptionListeners) listener();
      },
      onArriving: (facts) => this.principals.forgetAfter(facts),
      onApplied: (facts) => {
        this.principals.forgetAfter(facts);
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

  /**
   * One look at the rows, for whoever asks.
   * @throws Problem of the caller, `service-unavailable`
   */
  readFor<T>(
    caller: Caller | undefined,
    question: (em: EntityManager, principal: Principal) => Promise<T>,
  ): Promise<T> {
    return this.database.read(async (em) => question(em, await this.principals.of(em, caller)));
  }

  /**
   * A look at the rows for nobody in particular: what is shown of it is to be judged by who asks.
   * @throws Problem `service-unavailable`
   */
  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(question);
  }

  /**
   * Who the caller is by now.
   * @throws Problem of the caller, `service-unavailable`
   */
  principalOf(caller: Caller): Promise<Principal> {
    return this.readFor(caller, async (_, principal) => principal);
  }

  /** Tells of facts once they are in the rows, until the function it answers is called. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells that rows may have changed by facts nobody here was told of, until the function it answers is called. */
  onResumed(listener: () => void): () => void {
    this.resumptionListeners.add(listener);
    return () => this.resumptionListeners.delete(listener);
  }

  projectionStats(): ProjectionStats[] {
    return this.projections?.stats() ?? [];
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
