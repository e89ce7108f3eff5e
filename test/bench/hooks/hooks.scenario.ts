import type { Bench } from '../bench.js';
import { costOf } from '../cpu-cost.js';
import { countStreams } from '../facts/count-streams.js';
import type { LoopResult } from '../load/closed-loop.js';
import { latencyFigures, rateFigure, takeRounds } from '../load/rounds.js';
import { untilQuiet } from '../processes/quiet.js';
import type { Outcome, Scenario } from '../scenario.js';
import type { ReceiveTask } from './bare-receiver.process.js';
import type { DeliverTask } from './github.process.js';

const FLOOR = 'bare node:http, HMAC and JSON.parse, the same deliveries over as many connections';
const CONNECTIONS = 64;
const AT_LEAST_PER_SECOND = 600;
const P99_AT_MOST_MS = 250;
const INSTALLATION = { org: 'simulated-org', id: 2001, appId: 1001 };

/** How many deliveries a second are on disk before GitHub is told that they arrived. */
export const hooks: Scenario = {
  name: 'hooks',
  title: 'signed deliveries of 10 kB over 64 connections, each recorded before its 202',
  withinSeconds: 150,
  run: async (bench: Bench): Promise<Outcome> => {
    const system = await bench.system();
    const github = bench.worker<DeliverTask, LoopResult>(
      'github',
      new URL('./github.process.js', import.meta.url),
    );
    const bare = bench.worker<ReceiveTask, { url: string }>(
      'bare-receiver',
      new URL('./bare-receiver.process.js', import.meta.url),
    );
    const secret = system.access.webhook_secret;
    const { url: bareUrl } = await bare.ask({ secret });
    let recorded = 0;
    const deliver = async (url: string, milliseconds: number) => {
      const load = { secret, installation: INSTALLATION, inFlight: CONNECTIONS, milliseconds };
      const result = await github.ask({ ...load, url });
      if (url !== bareUrl) recorded += result.latencies.length;
      return result;
    };
    const ours = `${system.url}/webhooks/github`;
    const milliseconds = bench.sized(10_000, 3_000);

    await deliver(ours, 2_000);
    await deliver(bareUrl, 500);
    await untilQuiet(system.processes);
    const { result: rounds, cpu } = await bench.measure('hooks', system.processes, () =>
      takeRounds(
        bench.sized(2, 1),
        () => deliver(ours, milliseconds),
        async () => {
          await untilQuiet(system.processes);
          return deliver(bareUrl, milliseconds / 3);
        },
      ),
    );
    const streams = await countStreams(system.eventStoreUrl, 'githubDelivery-');
    if (streams !== recorded)
      throw new Error(`${recorded} deliveries were accepted, ${streams} are in the log`);

    const measured = rounds.measured.reduce((sum, { latencies }) => sum + latencies.length, 0);
    return {
      figures: [
        rateFigure('durable 202', FLOOR, rounds, AT_LEAST_PER_SECOND),
        ...latencyFigures('durable 202', FLOOR, rounds, { p99: P99_AT_MOST_MS }),
      ],
      costs: [costOf('delivery, effects included', measured, cpu)],
      notes: [`${recorded} deliveries were accepted, and as many githubDelivery streams are in the log.`],
    };
  },
};
