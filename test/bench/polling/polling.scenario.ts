import type { Bench } from '../bench.js';
import { poll } from '../processes/poll.js';
import { untilQuiet } from '../processes/quiet.js';
import type { WholeSystem } from '../processes/whole-system.js';
import type { Outcome, Scenario } from '../scenario.js';
import type { FleetResult, FleetTask } from './runners.process.js';

const STRANGERS = 4_800;
const OURS = 200;

type Calls = Record<string, { by_status: Record<string, number> }>;

/** Requests that GitHub has counted against the hourly budget of the installation; tokens are the App's. */
const countedBy = async ({ simulator }: WholeSystem): Promise<number> => {
  const { calls } = await simulator<{ calls: Calls }>('GET', '/state');
  return Object.entries(calls)
    .filter(([operation]) => operation.startsWith('actions/'))
    .flatMap(([, { by_status }]) => Object.entries(by_status))
    .reduce((sum, [status, count]) => (status === '304' ? sum : sum + count), 0);
};

const asAdmin = async <Body>({ url, access }: WholeSystem, method: string, path: string): Promise<Body> => {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${access.admin_token}` },
  });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
};

/** What keeping up with GitHub costs, in requests of its hourly budget and in CPU time. */
export const polling: Scenario = {
  name: 'polling',
  title: 'a fleet that runs jobs, told of by webhooks; a quiet look at 5,000 runners, 200 of them ours',
  withinSeconds: 600,
  run: async (bench: Bench): Promise<Outcome> => {
    const system = await bench.system();
    const runners = bench.sized(1_000, 200);
    const fleet = bench.worker<FleetTask, FleetResult>(
      'fleet',
      new URL('./runners.process.js', import.meta.url),
    );
    const startedAt = performance.now();
    const countedBefore = await countedBy(system);
    const { token, simulator_url: simulatorUrl } = system.access;
    const { runnerIds } = await fleet.ask({
      url: system.url,
      token,
      simulatorUrl,
      runners,
      aliveAtATime: 100,
    });
    await poll('all of them are gone', async () => {
      const { total } = await asAdmin<{ total: number }>(
        system,
        'GET',
        '/runners?status=pending,active,offline',
      );
      return total === 0 ? true : undefined;
    });
    const counted = (await countedBy(system)) - countedBefore;
    const seconds = Math.round((performance.now() - startedAt) / 1000);

    await system.simulator('POST', '/runners', {
      count: STRANGERS,
      name_prefix: 'elsewhere',
      status: 'online',
    });
    await Promise.all(
      Array.from({ length: OURS }, async (_, index) => {
        const response = await fetch(`${system.url}/api/v1/runners/jit`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ runner_name: `ours-${index}` }),
        });
        if (response.status !== 201) throw new Error(`a provision was answered ${response.status}`);
      }),
    );
    const look = () => asAdmin<{ result: object }>(system, 'POST', '/admin/sync/trigger?wait=true');
    await look();
    await look();
    await untilQuiet(system.processes);
    const countedQuiet = await countedBy(system);
    const sync = system.processes.filter(({ name }) => name === 'sync');
    const { result: quiet, cpu } = await bench.measure('polling', sync, look);
    const costOfQuiet = (await countedBy(system)) - countedQuiet;
    if (costOfQuiet > 0) throw new Error(`a quiet look cost ${costOfQuiet} requests`);

    return {
      figures: [
        { what: 'sync, a quiet look at all: CPU', value: cpu.sync ?? 0, unit: 's', limit: 2 },
        {
          what: 'counted requests per 100 runners',
          value: (counted / runnerIds.length) * 100,
          unit: '%',
          limit: 105,
        },
      ],
      notes: [
        `${runnerIds.length} runners lived and did a job each within ${seconds} s; GitHub counted ${counted} requests.`,
        `The quiet look was answered 304 throughout and found ${JSON.stringify(quiet.result)}.`,
      ],
    };
  },
};
