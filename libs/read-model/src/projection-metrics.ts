import { Gauge, register } from 'prom-client';
import type { Progress } from './progress.js';

type Figure = { name: string; help: string; of: (progress: Progress, projection: string) => number };

const figures: readonly Figure[] = [
  {
    name: 'rts_projection_lag_seconds',
    help: 'Seconds since the rows were last known to hold every fact of the log; 0 while they do',
    of: (progress, projection) => progress.lagSeconds(projection),
  },
  {
    name: 'rts_projection_position',
    help: 'Log position up to which every fact is in the rows',
    of: (progress, projection) => Number(progress.position(projection)),
  },
  {
    name: 'rts_projection_stopped',
    help: '1 when the projection has stopped for good, at a fact it cannot handle or a log it cannot trust',
    of: (progress, projection) => (progress.hasStopped(projection) ? 1 : 0),
  },
];

/** Shows on `/metrics` how the projections of this process get on. A process has one such set. */
export const publishProgress = (progress: Progress): void => {
  for (const { name, help, of } of figures) {
    register.removeSingleMetric(name);
    new Gauge({
      name,
      help,
      labelNames: ['projection'],
      collect() {
        for (const { name: projection } of progress.all()) this.set({ projection }, of(progress, projection));
      },
    });
  }
};
