import type { Bench } from '../bench.js';
import type { Outcome, Scenario } from '../scenario.js';
import { median } from '../statistics/distribution.js';
import { bareProcesses } from './bare-process.js';

const READY_AT_MOST_S = 10;
/** Launcher, event store, simulator and the five apps; nats-server is no Node. */
const NODE_PROCESSES = 8;

/** From the command to the first request that is taken. */
export const startUp: Scenario = {
  name: 'start-up',
  title:
    'node deploy/local/start.mjs until GET /health/ready says 200, built and with data of an earlier run',
  withinSeconds: 150,
  run: async (bench: Bench): Promise<Outcome> => {
    const start = async () => {
      const system = await bench.system({ bySetUp: true });
      await system.stop();
      return system.readyAfterMs / 1000;
    };
    const first = await start();
    const [warm, bare] = [[] as number[], [] as number[]];
    for (let round = 0; round < bench.sized(3, 1); round++) {
      warm.push(await start());
      bare.push((await bareProcesses(NODE_PROCESSES)) / 1000);
    }
    const floor = { what: `node -e 0, ${NODE_PROCESSES} at once`, value: median(bare) };
    return {
      figures: [
        { what: 'warm start', value: median(warm), unit: 's', floor, limit: READY_AT_MOST_S, rounds: warm },
        { what: 'first start, on an empty data folder', value: first, unit: 's', floor },
      ],
    };
  },
};
