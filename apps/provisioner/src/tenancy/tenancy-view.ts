import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection } from '#libs/access';
import { Problem, type ProjectionStats } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import {
  caughtUpWith,
  type Database,
  type EntityManager,
  type RunningProjections,
  runProjections,
} from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { runnerSlotProjection } from '../capacity/runner-slot.projection.js';
import { labelPolicyProjection } from '../label-policy/label-policy.projection.js';
import { openOperationProjection } from '../operation/open-operation.js';
import { DATABASE, EVENT_STORE } from '../provisioner.tokens.js';
import { FirstTenants } from './first-tenants.js';
import { Tenancy } from './tenancy.js';

const PAUSE_MS = 1_000;
/** How long a writer waits for the rows that show what has just been recorded. */
const PATIENCE_MS = 1_000;
/** How long somebody waits who must not miss anything. */
const LONG_PATIENCE_MS = 10_000;

/** Keeps the membership rows up with the log, and makes sure the first tenants are among them. */
@Injectable()
export class TenancyView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('tenancy');
  private projections: RunningProjections | undefined;
  private seeded = false;
  private stopped = false;

  constructor(
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(DATABASE) private readonly database: Database,
    private readonly firstTenants: FirstTenants,
    private readonly tenancy: Tenancy,
  ) {}

  onApplicationBootstrap(): void {
    this.projections = runProjections({
      log: this.log,
      database: this.database,
      projections: [
        membershipProjection,
        runnerSlotProjection,
        labelPolicyProjection,
        openOperationProjection,
      ],
      logger: this.logger,
      // once more before the rows are written: while the database is away nobody is answered from memory
      onResumed: () => this.tenancy.forgetAll(),
      onArriving: (facts) => this.tenancy.forgetAfter(facts),
      onApplied: (facts) => this.tenancy.forgetAfter(facts),
    });
    void this.seed(this.projections);
  }

  projectionStats(): ProjectionStats[] {
    return this.projections?.stats() ?? [];
  }

  health(): CheckResult {
    if (!this.seeded) return { status: 'down', detail: 'the first tenants are not there yet' };
    return this.projections?.health() ?? { status: 'down', detail: 'not started' };
  }

  /** False when the rows do not yet hold what the caller knows of. */
  async caughtUpWith(knownPosition: string | undefined): Promise<boolean> {
    return this.projections ? caughtUpWith(this.projections, knownPosition) : false;
  }

  /**
   * Resolves once everything up to this place in the log is in the rows.
   * @throws Problem `service-unavailable`
   */
  async reach(position: bigint | undefined): Promise<void> {
    if (position === undefined || (await this.projections?.waitFor(position, LONG_PATIENCE_MS))) return;
    throw new Problem('service-unavailable', 'The rows are behind the log. Try again in a few seconds.', {
      retryAfterSeconds: 5,
    });
  }

  /**
   * One look at the rows.
   * @throws Problem `service-unavailable`
   */
  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(question);
  }

  /**
   * What has just been written, as it is shown from now on. `position` undefined = nothing was new.
   * @throws Problem `service-unavailable` when the rows take too long to show it
   */
  async written<T>(
    position: bigint | undefined,
    question: (em: EntityManager) => Promise<T | undefined>,
  ): Promise<T> {
    if (position !== undefined) await this.projections?.waitFor(position, PATIENCE_MS);
    const view = await this.read(question);
    if (view !== undefined) return view;
    throw new Problem(
      'service-unavailable',
      'It has been recorded but is not shown yet. Ask for it again in a few seconds instead of repeating it.',
      { retryAfterSeconds: 2 },
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.projections?.stop();
    await this.database.close();
    await this.log.close();
  }

  /** Tried until it works: at the first start the store may come up later than we do. */
  private async seed(projections: RunningProjections): Promise<void> {
    while (!this.stopped) {
      try {
        const position = await this.firstTenants.ensure();
        while (!this.stopped && !(await projections.waitFor(position, PAUSE_MS)));
        await projections.untilCaughtUp();
        this.seeded = true;
        return;
      } catch (error) {
        this.logger.warn({ err: error }, 'the first tenants could not be recorded; trying again');
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }
}
