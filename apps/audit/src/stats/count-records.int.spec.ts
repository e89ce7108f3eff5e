import { randomUUID } from 'node:crypto';
import { beforeEach, expect, it } from '@jest/globals';
import { membershipEntities, membershipMigration } from '#libs/access';
import type { SecurityEventView } from '#libs/contracts';
import { type Database, openDatabase, saveRows } from '#libs/read-model';
import { onEachDatabase } from '#libs/testing';
import { AuditedRunner, AuditRecord } from '../audit-record/audit-record.entity.js';
import { auditRecordMigration } from '../audit-record/audit-record.migration.js';
import { SecurityEvent } from '../security-event/security-event.entity.js';
import { securityEventMigration } from '../security-event/security-event.migration.js';
import { countRecords } from './count-records.js';
import { lastDayMigration } from './last-day.migration.js';

const NOW = new Date('2026-01-16T15:30:00.000Z');
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);
const justOver = (hours: number) => new Date(hoursAgo(hours).getTime() - 1);

let position = 0n;
const record = (recordedAt: Date) => {
  position += 1n;
  return {
    id: randomUUID(),
    position,
    eventType: 'provision_jit',
    runnerId: null,
    runnerName: null,
    teamId: null,
    actorKind: 'user',
    actorUserId: null,
    actorIssuer: null,
    actorSubject: null,
    actorApp: null,
    requestId: 'r-1',
    requestIp: null,
    userAgent: null,
    recordedAt,
  };
};
const auditRecord = (recordedAt: Date, success = true) => ({
  ...record(recordedAt),
  runnerOwnerId: null,
  eventData: {},
  success,
  errorMessage: null,
  severity: null,
});
const securityEvent = (recordedAt: Date, severity: SecurityEventView['severity']) => ({
  ...record(recordedAt),
  severity,
  violationData: {},
  actionTaken: null,
});

onEachDatabase('the counts of records', ({ kind, test, newAddress, closing }) => {
  let database: Database;

  beforeEach(async () => {
    database = closing(
      await openDatabase({
        databaseUrl: newAddress(),
        dataDir: '.',
        app: 'audit',
        entities: [...membershipEntities, AuditRecord, AuditedRunner, SecurityEvent],
        migrations: [membershipMigration, auditRecordMigration, securityEventMigration, lastDayMigration],
      }),
    );
  });

  test('are nothing where there is nothing', async () => {
    expect(await countRecords(database.em(), NOW)).toEqual({
      security: { total: 0, lastDay: { low: 0, medium: 0, high: 0, critical: 0 } },
      audit: { total: 0, lastDay: { total: 0, unsuccessful: 0 } },
    });
  });

  test('tell the last 24 hours from what was before', async () => {
    await database.em().transactional(async (em) => {
      await saveRows(em, AuditRecord, [
        auditRecord(hoursAgo(0)),
        auditRecord(hoursAgo(24)),
        auditRecord(hoursAgo(3), false),
        auditRecord(justOver(24)),
        auditRecord(hoursAgo(48), false),
      ]);
      await saveRows(em, SecurityEvent, [
        securityEvent(hoursAgo(1), 'low'),
        securityEvent(hoursAgo(2), 'low'),
        securityEvent(hoursAgo(24), 'high'),
        securityEvent(hoursAgo(23), 'critical'),
        securityEvent(justOver(24), 'critical'),
        securityEvent(hoursAgo(100), 'medium'),
      ]);
    });
    expect(await countRecords(database.em(), NOW)).toEqual({
      security: { total: 6, lastDay: { low: 2, medium: 0, high: 1, critical: 1 } },
      audit: { total: 5, lastDay: { total: 3, unsuccessful: 1 } },
    });
  });

  // PostgreSQL reads a small table whole, whatever its indexes are
  (kind === 'sqlite' ? it : it.skip)('read no record, and leave searches by time as they were', async () => {
    const planOf = async (sql: string) => {
      const steps = await database.em().execute<{ detail: string }[]>(`explain query plan ${sql}`);
      return steps.map(({ detail }) => detail).join('; ');
    };
    for (const [table, column] of [
      ['audit_record', 'success'],
      ['security_event', 'severity'],
    ]) {
      const counted = `select count(*) filter (where ${column} = 'x') from ${table} where recorded_at >= 1`;
      expect(await planOf(`${counted} and position >= 0`)).toContain(
        `USING COVERING INDEX ${table}_last_day`,
      );
      const page = `select * from ${table} where recorded_at >= 1 order by position desc limit 50`;
      expect(await planOf(page)).toContain(`USING INDEX ${table}_position`);
    }
  });
});
