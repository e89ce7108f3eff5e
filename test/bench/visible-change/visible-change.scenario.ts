import type { Bench } from '../bench.js';
import { costOf } from '../cpu-cost.js';
import { untilQuiet } from '../processes/quiet.js';
import type { WholeSystem } from '../processes/whole-system.js';
import type { CallerTask, Provisioned } from '../provisioning/caller.process.js';
import type { Outcome, Scenario } from '../scenario.js';
import type { BareListTask } from './bare-list.process.js';
import { figuresOf } from './figures.js';
import type { JobsTask, Told } from './github.process.js';
import { type Runner, tellAndWatch } from './tell-and-watch.js';
import type { Seen, WatchTask } from './watcher.process.js';

const PER_SECOND = 200;
const VARIABLES = { DEVELOPMENT_TEAM_MAX_RUNNERS: '100000', SYNC_PENDING_INTERVAL_SECONDS: '10' };

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
      tellAndWatch(workers, {
        url,
        path,
        token: system.access.token,
        secret,
        runners: some,
        perSecond: PER_SECOND,
      });

    const warmUp = Math.round(runners.length / 10);
    const first = await tell(system.url, '/webhooks/github', runners.slice(0, warmUp));
    const { result: ours, cpu } = await bench.measure('visible-change', system.processes, () =>
      tell(system.url, '/webhooks/github', runners.slice(warmUp)),
    );
    await expectAllEnded(system, first.ended + ours.ended);
    const floor = await tell(bareUrl, '/', runners.slice(warmUp));
    return {
      figures: figuresOf(ours, floor),
      costs: [costOf('delivery, effects included', ours.told.length, cpu)],
      notes: [
        `${ours.told.length} deliveries made ${ours.delays.length} visible changes; none that was accepted got lost. The watcher looks every 50 ms.`,
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

/** More may be gone: a delivery that was not accepted in time can have been recorded all the same. */
const expectAllEnded = async (system: WholeSystem, ended: number): Promise<void> => {
  const { total } = await list(system, 'status=deleted&limit=1');
  if (total < ended) throw new Error(`${ended} runners did their job, ${total} are gone`);
};
