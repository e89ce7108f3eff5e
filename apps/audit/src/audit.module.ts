import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { membershipEntities, membershipMigration } from '#libs/access';
import { subjects } from '#libs/contracts';
import { type EventStore, eventStoreDb } from '#libs/event-store';
import { healthNatsController } from '#libs/messaging';
import { type Database, openDatabase } from '#libs/read-model';
import { Health, HealthHttpController, loggerModule, MetricsHttpController, VERSION } from '#libs/runtime';
import type { AuditConfig } from './audit.config.js';
import { DATABASE, ENVIRONMENT_ISSUER, EVENT_STORE } from './audit.tokens.js';
import { AuditedRunner, AuditRecord } from './audit-record/audit-record.entity.js';
import { auditRecordMigration } from './audit-record/audit-record.migration.js';
import { AuditRecordNatsController } from './audit-record/audit-record.nats.controller.js';
import { AuditView } from './audit-record/audit-view.js';
import { RunnerTimelineHandler } from './audit-record/runner-timeline.query.js';
import { SearchAuditRecordsHandler } from './audit-record/search-audit-records.query.js';
import { SearchSecurityEventsHandler } from './security-event/search-security-events.query.js';
import { SecurityEvent } from './security-event/security-event.entity.js';
import { securityEventMigration } from './security-event/security-event.migration.js';
import { SecurityEventNatsController } from './security-event/security-event.nats.controller.js';
import { GetAuditStatsHandler } from './stats/get-audit-stats.query.js';
import { lastDayMigration } from './stats/last-day.migration.js';
import { StatsNatsController } from './stats/stats.nats.controller.js';

/** Reads every fact and keeps a record of every operation that can be searched. */
@Module({})
export class AuditModule {
  static with(config: AuditConfig): DynamicModule {
    return {
      module: AuditModule,
      imports: [loggerModule('audit', config.LOG_LEVEL), CqrsModule.forRoot()],
      controllers: [
        AuditRecordNatsController,
        SecurityEventNatsController,
        StatsNatsController,
        healthNatsController(subjects.auditHealth),
        HealthHttpController,
        MetricsHttpController,
      ],
      providers: [
        // outside systems
        { provide: EVENT_STORE, useFactory: () => eventStoreDb(config.EVENTSTORE_URL) },
        {
          provide: DATABASE,
          useFactory: () =>
            openDatabase({
              app: 'audit',
              databaseUrl: config.DATABASE_URL,
              dataDir: config.DATA_DIR,
              entities: [...membershipEntities, AuditRecord, AuditedRunner, SecurityEvent],
              migrations: [
                membershipMigration,
                auditRecordMigration,
                securityEventMigration,
                lastDayMigration,
              ],
            }),
        },
        // values
        { provide: ENVIRONMENT_ISSUER, useValue: config.OIDC_ISSUER },
        {
          provide: Health,
          inject: [AuditView, DATABASE, EVENT_STORE],
          useFactory: (view: AuditView, database: Database, log: EventStore) => {
            const health = new Health(VERSION);
            health.register('event-store', async () => {
              await log.readBackwards('health', 1);
              return view.health();
            });
            health.register('database', async () => {
              await database.ping();
              return { status: 'up' };
            });
            return health;
          },
        },
        // parts
        AuditView,
        // one handler per message
        SearchAuditRecordsHandler,
        SearchSecurityEventsHandler,
        RunnerTimelineHandler,
        GetAuditStatsHandler,
      ],
    };
  }
}
