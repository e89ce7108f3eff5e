import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { costOf } from '../cpu-cost.js';
import type { Figure } from '../figure.js';
import { memoryOf } from '../processes/watched-process.js';
import type { Outcome, Scenario } from '../scenario.js';
import { bareProcesses } from '../start-up/bare-process.js';
import { median } from '../statistics/distribution.js';
import type { BareRowsTask } from './bare-rows.process.js';
import type { FillTask } from './fill.process.js';
import type { ReadTask } from './reader.process.js';

const ROWS = 'the same facts as bare rows: SQLite read in pages, JSON.parse';
const AT_LEAST_PER_SECOND = 7_000;
const RESTART_AT_MOST_S = 2;
const STORE_AT_MOST_MIB = 200;

type Rate = { perSecond: number };

/** How fast a reader that was away is up to date again, and what a long log costs the store. */
export const catchUp: Scenario = {
  name: 'catch-up',
  title: 'a log of a million facts: reading it from its beginning, restarting the store on it',
  withinSeconds: 240,
  run: async (bench: Bench): Promise<Outcome> => {
    const count = bench.sized(1_000_000, 100_000);
    const file = join(bench.folder, 'store.db');
    const fill = bench.worker<FillTask, { seconds: number }>(
      'fill',
      new URL('./fill.process.js', import.meta.url),
    );
    const { seconds } = await fill.ask({ file, count });
    await fill.stop();

    const [restarts, bareStarts] = [[] as number[], [] as number[]];
    for (let round = 0; round < bench.sized(3, 1); round++) {
      const restarted = await bench.store(file);
      restarts.push(restarted.readyAfterMs / 1000);
      await restarted.stop();
      bareStarts.push((await bareProcesses(1)) / 1000);
    }

    const store = await bench.store(file);
    const read = bench.sized(60_000, 20_000);
    const reader = bench.subject<ReadTask, Rate>('reader', new URL('./reader.process.js', import.meta.url));
    const bare = bench.worker<BareRowsTask, Rate>(
      'bare-rows',
      new URL('./bare-rows.process.js', import.meta.url),
    );
    const rates = { client: [] as number[], service: [] as number[], bare: [] as number[] };
    const readBy = async (kind: ReadTask['kind'], some: number) =>
      (await reader.ask({ kind, eventStoreUrl: store.url, count: some })).perSecond;
    const readRows = async () =>
      (await bare.ask({ file: join(bench.folder, 'bare.db'), count: read })).perSecond;

    await readBy('client', read / 4);
    await readRows();
    const rounds = bench.sized(3, 1);
    const { cpu } = await bench.measure('catch-up', [store, reader], async () => {
      for (let round = 0; round < rounds; round++) {
        rates.client.push(await readBy('client', read));
        rates.bare.push(await readRows());
        rates.service.push(await readBy('service', read));
      }
    });
    const memory = memoryOf(store);
    const floor = { what: ROWS, value: median(rates.bare) };
    const rate = (what: string, taken: number[], limit?: number): Figure => ({
      what,
      value: median(taken),
      unit: '/s',
      floor,
      rounds: taken,
      ...(limit === undefined ? {} : { limit }),
    });
    return {
      figures: [
        rate('catch-up, the official client alone', rates.client, AT_LEAST_PER_SECOND),
        rate('catch-up, as our views follow (every fact checked)', rates.service),
        {
          what: `restart with ${count} facts`,
          value: median(restarts),
          unit: 's',
          floor: { what: 'node -e 0', value: median(bareStarts) },
          limit: RESTART_AT_MOST_S,
          rounds: restarts,
        },
        ...(memory
          ? [
              {
                what: 'peak memory of the store (RSS)',
                value: memory.peakMiB,
                unit: 'MiB' as const,
                limit: STORE_AT_MOST_MIB,
              },
            ]
          : []),
      ],
      costs: [costOf('fact read', 2 * rounds * read, cpu)],
      notes: [`Writing the ${count} facts into the file took ${seconds.toFixed(0)} s.`],
    };
  },
};
