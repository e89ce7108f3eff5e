import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EventStoreObserver } from '../server/observer.js';
import { createScavengeMetrics } from './scavenge-metrics.js';

/** What the server counts, and how it shows it. */
export interface EventStoreMetrics {
  readonly registry: Registry;
  readonly observer: EventStoreObserver;
  /** Whether the last group could be written. */
  readonly writable: () => boolean;
}

/** @param report hears what a person should look at */
export const createMetrics = (report: (error: unknown, message: string) => void): EventStoreMetrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const committedEvents = new Counter({
    name: 'event_store_committed_events_total',
    help: 'Events on disk since the start',
    registers,
  });
  const writeRequests = new Counter({
    name: 'event_store_write_requests_total',
    help: 'Appends, deletes and tombstones decided since the start',
    registers,
  });
  const failedCommits = new Counter({
    name: 'event_store_failed_commits_total',
    help: 'Groups of requests that could not be written',
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'event_store_commit_seconds',
    help: 'From the first decision of a group to the end of its sync',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers,
  });
  const groupSize = new Histogram({
    name: 'event_store_commit_requests',
    help: 'Requests that shared one sync',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024],
    registers,
  });
  const deliveredEvents = new Counter({
    name: 'event_store_delivered_events_total',
    help: 'Events sent to readers and subscribers',
    registers,
  });
  const subscriptions = new Gauge({
    name: 'event_store_subscriptions',
    help: 'Subscriptions open',
    registers,
  });

  const scavengeMetrics = createScavengeMetrics(registry);
  let writable = true;
  return {
    registry,
    writable: () => writable,
    observer: {
      committed: ({ requests, events, duration }) => {
        writable = true;
        writeRequests.inc(requests);
        committedEvents.inc(events.length);
        commitSeconds.observe(duration / 1000);
        groupSize.observe(requests);
      },
      writeFailed: (error) => {
        writable = false;
        failedCommits.inc();
        report(error, 'could not write');
      },
      scavenged: scavengeMetrics.scavenged,
      scavengeFailed: (error) => {
        scavengeMetrics.failed();
        report(error, 'could not scavenge');
      },
      eventDelivered: () => deliveredEvents.inc(),
      subscriptionOpened: () => subscriptions.inc(),
      subscriptionClosed: () => subscriptions.dec(),
      unexpected: (error) => report(error, 'a call failed unexpectedly'),
    },
  };
};
