import { expect, it } from '@jest/globals';
import { runChaos } from './chaos.js';

const SECONDS = Number(process.env.CHAOS_SECONDS ?? 90);
const SEED = Number(process.env.CHAOS_SEED ?? 20_260);

it(
  'whatever GitHub does and whoever dies: nothing is lost, doubled, orphaned or wrongly removed',
  async () => {
    const { report, unsettled, verdict } = await runChaos({ seed: SEED, seconds: SECONDS });
    process.stderr.write(`\n${report.join('\n')}\n`);
    expect(unsettled).toEqual([]);
    expect(verdict).toEqual({ lost: [], doubled: [], orphaned: [], wronglyRemoved: [] });
  },
  (SECONDS + 480) * 1000,
);
