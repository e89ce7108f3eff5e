import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection } from '#libs/access';
import type { EventStore } from '#libs/event-store';
import { type Database, type RunningProjections, runProjections } from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { DATABASE, EVENT_STORE } from '../provisioner.tokens.js';
import { FirstTenants } from './first-tenants.js';
import { Tenancy } from './tenancy.js';

const PAUSE_MS = 1_000;

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
      projections: [membershipProjection],
      logger: this.logger,
      onApplied: (facts) => this.tenancy.forgetAfter(facts),
    });
    void this.seed(this.projections);
  }

  health(): CheckResult {
    if (!this.seeded) return { status: 'down', detail: 'the first tenants are not there yet' };
    return this.projections?.health() ?? { status: 'down', detail: 'not started' };
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
