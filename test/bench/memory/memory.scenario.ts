import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../bench.js';
import type { Figure } from '../figure.js';
import type { DeliverTask } from '../hooks/github.process.js';
import type { LoopResult } from '../load/closed-loop.js';
import { runProgram } from '../processes/program.js';
import { untilQuiet } from '../processes/quiet.js';
import { type Memory, memoryOf, type WatchedProcess } from '../processes/watched-process.js';
import type { WholeSystem } from '../processes/whole-system.js';
import type { CallerTask, Provisioned } from '../provisioning/caller.process.js';
import type { Outcome, Scenario } from '../scenario.js';

const FLOOR = 'a Node process that does nothing, with the same flags';
const ALL_AT_MOST_MIB = 900;
const INSTALLATION = { org: 'simulated-org', id: 2001, appId: 1001 };
const IDLE_MS = 10_000;

/** What the service takes of the machine's memory, at rest and after work. */
export const memory: Scenario = {
  name: 'memory',
  title: 'resident memory of each process, idle and after load',
  withinSeconds: 150,
  run: async (bench: Bench): Promise<Outcome> => {
    const system = await bench.system({ variables: { DEVELOPMENT_TEAM_MAX_RUNNERS: '100000' } });
    const bare = await bareNode(bench);
    // the seven of the service: the simulator is the outside world
    const processes = system.processes.filter(({ name }) => name !== 'simulator');
    await untilQuiet(processes);
    await sleep(bench.sized(IDLE_MS, 2_000));
    const idle = processes.map(seen);
    await load(bench, system);
    await untilQuiet(processes);
    const after = processes.map(seen);
    return {
      figures: [
        ...totals('idle', idle, ALL_AT_MOST_MIB),
        ...idle.map((one) => figureOf(`idle, ${one.name} (RSS)`, one, bare)),
        ...totals('after load', after),
        ...after.map((one) => figureOf(`after load, ${one.name} (RSS)`, one, bare)),
      ],
      notes: [
        'RSS counts pages that processes share once for each of them: the sum is what is promised, and more than is taken. PSS divides them: its sum is what the machine would get back.',
      ],
    };
  },
};

type Seen = WatchedProcess & { memory: Memory };

const seen = (process: WatchedProcess): Seen => {
  const found = memoryOf(process);
  if (found === undefined) throw new Error(`the memory of ${process.name} cannot be read: this needs Linux`);
  return { ...process, memory: found };
};

const bareNode = async (bench: Bench): Promise<number> => {
  const program = bench.ending(
    runProgram(process.execPath, ['--max-semi-space-size=4', '-e', 'setInterval(() => {}, 1000)'], {
      env: process.env,
    }),
  );
  await sleep(1_000);
  return seen({ name: 'bare', pid: program.pid }).memory.rssMiB;
};

const totals = (when: string, all: readonly Seen[], limit?: number): Figure[] => {
  const sum = (pick: (memory: Memory) => number) => all.reduce((total, one) => total + pick(one.memory), 0);
  return [
    {
      what: `${when}, all ${all.length} (RSS)`,
      value: sum(({ rssMiB }) => rssMiB),
      unit: 'MiB',
      ...(limit === undefined ? {} : { limit }),
    },
    { what: `${when}, all ${all.length} (PSS)`, value: sum(({ pssMiB }) => pssMiB), unit: 'MiB' },
  ];
};

/** nats-server is no Node. */
const figureOf = (what: string, { name, memory: { rssMiB } }: Seen, bare: number): Figure => ({
  what,
  value: rssMiB,
  unit: 'MiB',
  ...(name === 'nats' ? {} : { floor: { what: FLOOR, value: bare } }),
});

/** Some of everything. */
const load = async (bench: Bench, { url, access }: WholeSystem): Promise<void> => {
  const milliseconds = bench.sized(5_000, 2_000);
  const tenant = bench.worker<CallerTask, Provisioned>(
    'tenant',
    new URL('../provisioning/caller.process.js', import.meta.url),
  );
  const github = bench.worker<DeliverTask, LoopResult>(
    'github',
    new URL('../hooks/github.process.js', import.meta.url),
  );
  await tenant.ask({ kind: 'provision', url, token: access.token, inFlight: 16, milliseconds });
  await github.ask({
    url: `${url}/webhooks/github`,
    secret: access.webhook_secret,
    installation: INSTALLATION,
    inFlight: 64,
    milliseconds,
  });
};
