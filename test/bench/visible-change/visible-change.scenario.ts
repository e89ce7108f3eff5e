import type { Bench } from '../bench.js';
import { costOf } from '../cpu-cost.js';
import type { Figure } from '../figure.js';
import { untilQuiet } from '../processes/quiet.js';
import type { WholeSystem } from '../processes/whole-system.js';
import type { CallerTask, Provisioned } from '../provisioning/caller.process.js';
import type { Outcome, Scenario } from '../scenario.js';
import { distributionOf } from '../statistics/distribution.js';
import type { BareListTask } from './bare-list.process.js';
import type { JobsTask, Told } from './github.process.js';
import type { Seen, WatchTask } from './watcher.process.js';

const FLOOR = 'one process that keeps in memory what the same deliveries say, looked at in the same way';
const PER_SECOND = 200;
const P99_AT_MOST_MS = 500;
const INSTALLATION = { org: 'simulated-org', id: 2001, appId: 1001 };
const VARIABLES = { DEVELOPMENT_TEAM_MAX_RUNNERS: '100000', SYNC_PENDING_INTERVAL_SECONDS: '10' };
/** After the last delivery. */
const PATIENCE_MS = 75_000;
const STATE_TOLD_BY: Partial<Record<Told['action'], Seen['state']>> = {
  in_progress: 'busy',
  completed: 'deleted',
};

type Runner = { id: number; name: string };

/** How long after GitHub told it somebody who looks sees it, under a load that does not wait. */
export const visibleChange: Scenario = {
  name: 'visible-change',
  title: `${PER_SECOND} deliveries a second about runners of ours, from when each was due until the list shows it`,
  withinSeconds: 240,
  run: async (bench: Bench): Promise<Outcome> => {
    const system = await bench.system({ variables: VARIABLES });
    const workers = {
      github: bench.worker<JobsTask, readonly Told[]>(
        'github',
        new URL('./github.process.js', import.meta.url),
      ),
      watcher: bench.worker<WatchTask, readonly Seen[]>(
        'watcher',
        new URL('./watcher.process.js', import.meta.url),
      ),
      bare: bench.worker<BareListTask, { url: string }>(
        'bare-list',
        new URL('./bare-list.process.js', import.meta.url),
      ),
    };
    const runners = await provisionRunners(bench, system);
    await untilQuiet(system.processes);

    const secret = system.access.webhook_secret;
    const { url: bareUrl } = await workers.bare.ask({ secret });
    const tell = (url: string, path: string, some: readonly Runner[]) =>
      tellAndWatch(workers, { url, path, token: system.access.token, secret, runners: some });

    const warmUp = Math.round(runners.length / 10);
    await tell(system.url, '/webhooks/github', runners.slice(0, warmUp));
    const { result: ours, cpu } = await bench.measure('visible-change', system.processes, () =>
      tell(system.url, '/webhooks/github', runners.slice(warmUp)),
    );
    await expectAllEnded(system, runners);
    const floor = await tell(bareUrl, '/', runners.slice(warmUp));
    return {
      figures: figuresOf(ours, floor),
      costs: [costOf('delivery, effects included', ours.told.length, cpu)],
      notes: [
        `${ours.told.length} deliveries made ${ours.delays.length} visible changes; none was lost. The watcher looks every 25 ms.`,
      ],
    };
  },
};

/** As many as are needed for 15 seconds, three deliveries each. */
const provisionRunners = async (bench: Bench, system: WholeSystem): Promise<Runner[]> => {
  const tenant = bench.worker<CallerTask, Provisioned>(
    'tenant',
    new URL('../provisioning/caller.process.js', import.meta.url),
  );
  const { url, access } = system;
  const calls = (PER_SECOND * bench.sized(15, 4) * 1.1) / 3;
  await tenant.ask({
    kind: 'provision',
    url,
    token: access.token,
    inFlight: 32,
    milliseconds: 60_000,
    calls: Math.round(calls),
  });
  const { runners } = await list<{ runner_name: string; github_runner_id: number }>(system, 'limit=1000');
  return runners.map(({ runner_name: name, github_runner_id: id }) => ({ id, name }));
};

const list = async <Row>(
  { url, access }: WholeSystem,
  query: string,
): Promise<{ runners: Row[]; total: number }> => {
  const response = await fetch(`${url}/api/v1/runners?${query}`, {
    headers: { authorization: `Bearer ${access.token}` },
  });
  return (await response.json()) as { runners: Row[]; total: number };
};

type Observed = { told: readonly Told[]; answers: number[]; delays: number[]; workedOffMs: number };

const tellAndWatch = async (
  {
    github,
    watcher,
  }: {
    github: { ask(task: JobsTask): Promise<readonly Told[]> };
    watcher: { ask(task: WatchTask): Promise<readonly Seen[]> };
  },
  {
    url,
    path,
    token,
    secret,
    runners,
  }: { url: string; path: string; token: string; secret: string; runners: readonly Runner[] },
): Promise<Observed> => {
  const withinMs = (runners.length * 3 * 1_000) / PER_SECOND + 2_000 + PATIENCE_MS;
  const [seen, told] = await Promise.all([
    watcher.ask({ url, token, runners: runners.map(({ name }) => name), withinMs }),
    github.ask({ url: `${url}${path}`, secret, installation: INSTALLATION, runners, perSecond: PER_SECOND }),
  ]);
  const seenAt = new Map(seen.map(({ runner, state, at }) => [`${runner} ${state}`, at]));
  const delays = told.flatMap(({ runner, action, dueAt }) => {
    const state = STATE_TOLD_BY[action];
    if (state === undefined) return [];
    const at = seenAt.get(`${runner} ${state}`);
    if (at === undefined) throw new Error(`${runner} was not seen ${state} within ${withinMs / 1000} s`);
    return [at - dueAt];
  });
  return {
    told,
    answers: told.map(({ answeredAfterMs }) => answeredAfterMs),
    delays,
    workedOffMs: Math.max(...seen.map(({ at }) => at)) - Math.max(...told.map(({ dueAt }) => dueAt)),
  };
};

const expectAllEnded = async (system: WholeSystem, runners: readonly Runner[]): Promise<void> => {
  const { total } = await list(system, 'status=deleted&limit=1');
  if (total !== runners.length) throw new Error(`${runners.length} runners did their job, ${total} are gone`);
};

const figuresOf = (ours: Observed, bare: Observed): Figure[] => {
  const figure = (
    what: string,
    samples: number[],
    floor: number[],
    percentile: 'p50' | 'p99',
    limit?: number,
  ) => {
    const spread = distributionOf(samples);
    return {
      what: `${what}, ${percentile}`,
      value: spread[percentile],
      unit: 'ms' as const,
      floor: { what: FLOOR, value: distributionOf(floor)[percentile] },
      ...(percentile === 'p50' ? { spread } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
  };
  return [
    figure('hook → visible change', ours.delays, bare.delays, 'p50'),
    figure('hook → visible change', ours.delays, bare.delays, 'p99', P99_AT_MOST_MS),
    figure('hook → 202', ours.answers, bare.answers, 'p50'),
    figure('hook → 202', ours.answers, bare.answers, 'p99'),
    {
      what: 'last hook → everything visible',
      value: ours.workedOffMs,
      unit: 'ms',
      floor: { what: FLOOR, value: bare.workedOffMs },
    },
  ];
};
