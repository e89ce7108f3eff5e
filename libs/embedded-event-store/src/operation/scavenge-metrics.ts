import { Counter, Gauge, type Registry } from 'prom-client';
import type { ScavengeResult } from '../scavenging/scavenger.js';

export const createScavengeMetrics = (registry: Registry) => {
  const registers = [registry];
  const lastRun = new Gauge({
    name: 'event_store_last_scavenge_timestamp_seconds',
    help: 'When the last scavenge ended, since 1970; 0 when there was none since the start',
    registers,
  });
  const duration = new Gauge({
    name: 'event_store_last_scavenge_seconds',
    help: 'How long the last scavenge took, most of it rest',
    registers,
  });
  const removedEvents = new Counter({
    name: 'event_store_scavenged_events_total',
    help: 'Events removed from the file since the start',
    registers,
  });
  const reclaimedBytes = new Counter({
    name: 'event_store_reclaimed_bytes_total',
    help: 'By which scavenging made the file shorter since the start',
    registers,
  });
  const failures = new Counter({
    name: 'event_store_failed_scavenges_total',
    help: 'Scavenges that ended in an error',
    registers,
  });
  return {
    scavenged: (result: ScavengeResult): void => {
      lastRun.setToCurrentTime();
      duration.set(result.duration / 1000);
      removedEvents.inc(result.removedEvents);
      reclaimedBytes.inc(result.reclaimedBytes);
    },
    failed: (): void => failures.inc(),
  };
};
