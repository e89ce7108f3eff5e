import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from '../bench.js';
import { type CpuCost, costOf } from '../cpu-cost.js';
import type { Figure } from '../figure.js';
import { latencyFigures, type Rounds, rateFigure, takeRounds } from '../load/rounds.js';
import { untilQuiet } from '../processes/quiet.js';
import type { WholeSystem } from '../processes/whole-system.js';
import type { Outcome, Scenario } from '../scenario.js';
import { distributionOf } from '../statistics/distribution.js';
import type { CallerTask, GithubAddress, Provisioned } from './caller.process.js';

const FLOOR = 'generate-jitconfig alone, by Octokit at the same simulator, as many in flight';
const OPERATION = 'actions/generate-runner-jitconfig-for-org';
const AT_LEAST_PER_SECOND = 100;
const AT_MOST_OVER_GITHUB_MS = 25;

/** A quota, so that slots are counted, and polling as often as in production: in development it looks every second. */
const VARIABLES = { DEVELOPMENT_TEAM_MAX_RUNNERS: '100000', SYNC_PENDING_INTERVAL_SECONDS: '10' };

/** Each of them is given back afterwards, which takes as long again. */
const MOST_IN_A_ROUND = 320;

type Step = { githubMs: number; inFlight: number };
const STEPS: readonly Step[] = [0, 150].flatMap((githubMs) =>
  [1, 16, 64].map((inFlight) => ({ githubMs, inFlight })),
);

/** What handing out a runner costs beside the one call of GitHub in it. */
export const provisioning: Scenario = {
  name: 'provisioning',
  title:
    'POST /runners/jit until the 201, at 1, 16 and 64 in flight, GitHub answering at once and after 150 ms',
  withinSeconds: 240,
  run: async (bench: Bench): Promise<Outcome> => {
    const system = await bench.system({ variables: VARIABLES });
    const caller = (name: string) =>
      bench.worker<CallerTask, Provisioned>(name, new URL('./caller.process.js', import.meta.url));
    const [tenant, github] = [caller('tenant'), caller('github')];
    const figures: Figure[] = [];
    const costs: CpuCost[] = [];
    let provisions = 0;

    for (const step of STEPS) {
      const what = `GitHub ${step.githubMs} ms, ${step.inFlight} in flight`;
      const { rounds, cpu, runnerIds } = await takeStep(bench, system, tenant.ask, github.ask, step, what);
      figures.push(...figuresOf(what, step, rounds));
      costs.push(costOf(`provision, ${what}`, runnerIds.measured, cpu));
      provisions += runnerIds.all;
    }
    return {
      figures,
      costs,
      notes: [
        `${provisions} provisions: all answered 201, each with a runner and a config of its own, GitHub asked once for each.`,
      ],
    };
  },
};

type Ask = (task: CallerTask) => Promise<Provisioned>;

const takeStep = async (
  bench: Bench,
  system: WholeSystem,
  tenant: Ask,
  github: Ask,
  { githubMs, inFlight }: Step,
  what: string,
) => {
  const { url, access } = system;
  const { token } = access;
  const address = githubAddressOf(system);
  await system.simulator('PATCH', '/switches', { latency_ms: githubMs });
  const milliseconds = bench.sized(3_000, 1_500);
  const all: string[] = [];
  const atGithub: string[] = [];
  const provision = async (forMs: number) => {
    const load = { inFlight, milliseconds: forMs, calls: MOST_IN_A_ROUND };
    const result = await tenant({ kind: 'provision', url, token, ...load });
    all.push(...result.runnerIds);
    return result;
  };
  const ask = async (forMs: number) => {
    const result = await github({ kind: 'ask-github', github: address, inFlight, milliseconds: forMs });
    atGithub.push(...result.runnerIds);
    return result;
  };

  await provision(1_000);
  await ask(500);
  await system.simulator('DELETE', '/counters');
  const before = { all: all.length, atGithub: atGithub.length };
  const { result: rounds, cpu } = await bench.measure(what, ourProcesses(system), () =>
    takeRounds(
      bench.sized(2, 1),
      () => provision(milliseconds),
      () => ask(milliseconds / 2),
    ),
  );
  const measured = all.length - before.all;
  await expectOneCallEach(system, measured + atGithub.length - before.atGithub);

  await system.simulator('PATCH', '/switches', { latency_ms: 0 });
  await tenant({ kind: 'deprovision', url, token, runnerIds: all });
  for (const id of atGithub) await system.simulator('DELETE', `/runners/${id}`);
  await untilQuiet(system.processes);
  return { rounds, cpu, runnerIds: { measured, all: all.length } };
};

/** The simulator also serves the floor: its time would be counted twice. */
const ourProcesses = ({ processes }: WholeSystem) => processes.filter(({ name }) => name !== 'simulator');

const githubAddressOf = ({ access, dataDir }: WholeSystem): GithubAddress => ({
  apiUrl: access.simulator_url,
  org: 'simulated-org',
  appId: 1001,
  installationId: 2001,
  privateKey: readFileSync(join(dataDir, 'secrets/github-app.pem'), 'utf8'),
});

const expectOneCallEach = async (system: WholeSystem, expected: number): Promise<void> => {
  type State = { calls: Record<string, { total: number }> };
  const { calls } = await system.simulator<State>('GET', '/state');
  const asked = calls[OPERATION]?.total ?? 0;
  if (asked !== expected) throw new Error(`GitHub was asked ${asked} times for ${expected} runners`);
};

const figuresOf = (what: string, { githubMs, inFlight }: Step, rounds: Rounds): Figure[] => {
  const demanded = githubMs === 0 && inFlight === 64 ? AT_LEAST_PER_SECOND : undefined;
  return [
    rateFigure(what, FLOOR, rounds, demanded),
    ...latencyFigures(what, FLOOR, rounds),
    ...(inFlight === 1 ? [overGithub(what, rounds)] : []),
  ];
};

const overGithub = (what: string, { measured, floor }: Rounds): Figure => {
  const p50 = (loops: Rounds['floor']) =>
    distributionOf(loops.flatMap(({ latencies }) => [...latencies])).p50;
  return {
    what: `${what}, p50 over the GitHub call`,
    value: p50(measured) - p50(floor),
    unit: 'ms',
    limit: AT_MOST_OVER_GITHUB_MS,
  };
};
