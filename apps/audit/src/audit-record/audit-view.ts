import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection, type Principal, Principals } from '#libs/access';
import type { Caller, ProjectionStats } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import {
  caughtUpWith,
  type Database,
  type EntityManager,
  type RunningProjections,
  runProjections,
} from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { DATABASE, ENVIRONMENT_ISSUER, EVENT_STORE } from '../audit.tokens.js';
import { securityEventProjection } from '../security-event/security-event.projection.js';
import { auditRecordProjection } from './audit-record.projection.js';

/** The records and who may see them, kept up with the log. */
@Injectable()
export class AuditView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('audit');
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
      projections: [auditRecordProjection, securityEventProjection, membershipProjection],
      logger: this.logger,
      onResumed: () => this.principals.forgetAll(),
      onArriving: (facts) => this.principals.forgetAfter(facts),
      onApplied: (facts) => this.principals.forgetAfter(facts),
    });
  }

  /** False when the rows do not yet hold what the caller knows of. */
  async caughtUpWith(knownPosition: string | undefined): Promise<boolean> {
    return this.projections ? caughtUpWith(this.projections, knownPosition) : false;
  }

  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(question);
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
}
