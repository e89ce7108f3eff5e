import { Counter, register } from 'prom-client';
import type { Fact, Recorded } from '#libs/contracts';
import { insertNew, type Projection } from '#libs/read-model';
import { eventDataOf } from '../record/event-data.js';
import { recordOf } from '../record/record.columns.js';
import { SecurityEvent, type SecurityEventRow } from './security-event.entity.js';
import { securityEventOf } from './security-event-of.js';

/** What is older is history that is read again, and no reason for an alarm. */
const NEWS_MS = 3_600_000;

/** One row per security event. A row never changes, so a repeat finds it there. */
export const securityEventProjection: Projection = {
  name: 'security-events',
  prefixes: [
    'security-',
    'runner-',
    'user-',
    'machineClient-',
    'identityProvider-',
    'trustRule-',
    'operation-',
    'unmanagedRunners-',
  ],
  apply: async (em, facts) => {
    const rows = facts.flatMap((fact) => rowOf(fact as Recorded<Fact>) ?? []);
    await insertNew(em, SecurityEvent, rows);
    for (const { eventType, severity, recordedAt } of rows)
      if (recordedAt.getTime() > Date.now() - NEWS_MS) counted().inc({ event_type: eventType, severity });
  },
};

const rowOf = (fact: Recorded<Fact>): SecurityEventRow | undefined => {
  const meaning = securityEventOf(fact);
  if (!meaning) return undefined;
  return {
    ...recordOf(fact, meaning.eventType),
    severity: meaning.severity,
    violationData: eventDataOf(fact),
    actionTaken: meaning.actionTaken ?? null,
  };
};

const counted = (): Counter<'event_type' | 'severity'> => {
  const name = 'rts_security_events_total';
  const known = register.getSingleMetric(name) as Counter<'event_type' | 'severity'> | undefined;
  const help = 'Security events by type and severity';
  return known ?? new Counter({ name, help, labelNames: ['event_type', 'severity'] });
};
