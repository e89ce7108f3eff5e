import { Gauge, register } from 'prom-client';
import type { Progress } from './progress.js';

type Figure = { name: string; help: string; of: (progress: Progress, projection: string) => number };

const figures: readonly Figure[] = [
  {
    name: 'rts_projection_lag_seconds',
    help: 'Seconds between now and the newest fact in the rows; 0 when caught up',
    of: (progress, projection) => progress.lagSeconds(projection, new Date()),
  },
  {
    name: 'rts_projection_position',
    help: 'Log position up to which every fact is in the rows',
    of: (progress, projection) => Number(progress.of(projection).position),
  },
  {
    name: 'rts_projection_stopped',
    help: '1 when a fact that cannot be handled has stopped the projection',
    of: (progress, projection) => (progress.of(projection).stopped === undefined ? 0 : 1),
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
