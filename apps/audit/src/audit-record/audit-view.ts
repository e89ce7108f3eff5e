import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { membershipProjection } from '#libs/access';
import type { EventStore } from '#libs/event-store';
import {
  caughtUpWith,
  type Database,
  type EntityManager,
  type RunningProjections,
  runProjections,
} from '#libs/read-model';
import type { CheckResult } from '#libs/runtime';
import { DATABASE, EVENT_STORE } from '../audit.tokens.js';
import { auditRecordProjection } from './audit-record.projection.js';

/** The records and who may see them, kept up with the log. */
@Injectable()
export class AuditView implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger('audit');
  private projections: RunningProjections | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly log: EventStore,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  onApplicationBootstrap(): void {
    this.projections = runProjections({
      log: this.log,
      database: this.database,
      projections: [auditRecordProjection, membershipProjection],
      logger: this.logger,
    });
  }

  /** False when the rows do not yet hold what the caller knows of. */
  async caughtUpWith(knownPosition: string | undefined): Promise<boolean> {
    return this.projections ? caughtUpWith(this.projections, knownPosition) : false;
  }

  read<T>(question: (em: EntityManager) => Promise<T>): Promise<T> {
    return this.database.read(question);
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
