import { inMemoryEventStore } from '#libs/event-store';
import { type Database, runProjections } from '#libs/read-model';
import { TrackedRunner } from '../tracking/tracked-runner.entity.js';
import { TrackedRunners } from '../tracking/tracked-runners.js';
import { trackingProjection } from '../tracking/tracking.projection.js';
import { LogOfRunners } from './log-of-runners.js';

export const quiet = { log: () => {}, warn: () => {}, error: () => {} };

/** A log in memory, and the rows that follow it. */
export const trackedLog = (
  database: Database,
  store = inMemoryEventStore(),
  onApplied: () => void = () => {},
) => {
  const projections = runProjections({
    log: store,
    database,
    projections: [trackingProjection],
    logger: quiet,
    onApplied,
  });
  return {
    store,
    log: new LogOfRunners(store),
    runners: new TrackedRunners(database),
    /** Every fact there is by now is in the rows. */
    caughtUp: async () => {
      await projections.untilCaughtUp();
      const end = store.all().at(-1)?.position ?? -1n;
      if (!(await projections.waitFor(end, 5_000))) throw new Error('the rows do not keep up with the log');
    },
    row: (id: string) => database.em().findOne(TrackedRunner, { id }),
    close: () => projections.stop(),
  };
};
