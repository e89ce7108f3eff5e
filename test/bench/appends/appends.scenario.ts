import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { costOf } from '../cpu-cost.js';
import type { LoopResult } from '../load/closed-loop.js';
import { latencyFigures, rateFigure, takeRounds } from '../load/rounds.js';
import { memoryOf } from '../processes/watched-process.js';
import type { Outcome, Scenario } from '../scenario.js';
import type { AppendTask } from './append.process.js';
import type { SyncWriteTask } from './sync-write.process.js';

const FLOOR = 'one write of the same size and one fsync on the same disk, one after the other';
const STORE_LIMIT_MIB = 200;

/** What a durable append costs beside what the disk takes for one. */
export const appends: Scenario = {
  name: 'appends',
  title: 'single facts appended to the embedded store, on disk before they are acknowledged',
  withinSeconds: 120,
  run: async (bench: Bench): Promise<Outcome> => {
    const store = await bench.store(join(bench.folder, 'store.db'));
    const writer = bench.worker<AppendTask, LoopResult>(
      'writer',
      new URL('./append.process.js', import.meta.url),
    );
    const disk = bench.worker<SyncWriteTask, LoopResult>(
      'disk',
      new URL('./sync-write.process.js', import.meta.url),
    );
    const append = (inFlight: number, milliseconds: number) => () =>
      writer.ask({ eventStoreUrl: store.url, inFlight, milliseconds });
    const write = (milliseconds: number) => () =>
      disk.ask({ file: join(bench.folder, 'bare'), milliseconds });
    const rounds = bench.sized(3, 1);
    const milliseconds = bench.sized(3_000, 1_000);

    await append(64, 1_500)();
    const many = await bench.measure('appends, 64 in flight', [store], () =>
      takeRounds(rounds, append(64, milliseconds), write(1_000)),
    );
    const one = await takeRounds(rounds, append(1, milliseconds / 2), write(1_000));
    const calls = many.result.measured.reduce((sum, { latencies }) => sum + latencies.length, 0);
    const memory = memoryOf(store);
    return {
      figures: [
        rateFigure('64 in flight', FLOOR, many.result, 2_500),
        ...latencyFigures('64 in flight', FLOOR, many.result),
        rateFigure('1 in flight', FLOOR, one),
        ...latencyFigures('1 in flight', FLOOR, one),
        ...(memory
          ? [
              {
                what: 'peak memory of the store (RSS)',
                value: memory.peakMiB,
                unit: 'MiB' as const,
                limit: STORE_LIMIT_MIB,
              },
            ]
          : []),
      ],
      costs: [costOf('append, 64 in flight', calls, many.cpu)],
    };
  },
};
