import type { Bench } from '../bench/bench.js';
import type { Figure } from '../bench/figure.js';
import { closedLoop, type LoopResult } from '../bench/load/closed-loop.js';
import { latencyFigures, type Rounds, takeRounds } from '../bench/load/rounds.js';
import { untilQuiet } from '../bench/processes/quiet.js';
import type { Outcome, Scenario } from '../bench/scenario.js';
import { distributionOf, median } from '../bench/statistics/distribution.js';
import { authorise } from './authorisation.js';
import { activeClientOf, fill, subjectOf, type Tenants } from './fill.js';
import { type Service, serviceOf } from './service.js';

const AUTHORISATION_AT_MOST_MS = 1;
const WARM_START_AT_MOST_S = 5;
const EMPTY = 'the same before there were tenants';
const ONE = 'the same by one caller, by turns';

/** What it costs to know many people, teams and machines. */
export const manyTenants: Scenario = {
  name: 'many-tenants',
  title: '10,000 users, 1,000 teams and 5,000 machine clients: who may what, and a warm start',
  withinSeconds: 900,
  run: async (bench: Bench): Promise<Outcome> => {
    const tenants: Tenants = {
      teams: bench.sized(1_000, 50),
      users: bench.sized(10_000, 500),
      clients: bench.sized(5_000, 250),
    };
    await (await bench.system()).stop();
    const rounds = bench.sized(3, 1);
    const emptyStarts = await warmStarts(bench, rounds, 0);
    const system = await bench.system();
    const service = await serviceOf(system);
    const calls = bench.sized(1_000, 200);
    const one = () => ask(service, calls, [system.access.admin_token]);
    await one();
    const before = await one();

    bench.say(`filling it with ${tenants.users} users …`);
    const { perSecond } = await fill(service, tenants);
    await untilQuiet(system.processes);
    const { people, machines } = await tokensOf(service, tenants, calls);
    const first = {
      people: await ask(service, calls, people),
      machines: await ask(service, calls, machines),
    };
    await untilQuiet(system.processes);
    const again = {
      people: await takeRounds(rounds, () => ask(service, calls, people), one),
      machines: await takeRounds(rounds, () => ask(service, calls, machines), one),
    };
    await system.stop();

    const authorised = {
      people: await authorise(system.dataDir, service.issuer, subjects(tenants)),
      machines: await authorise(system.dataDir, service.issuer, clients(tenants)),
    };
    const starts = await warmStarts(bench, rounds, tenants.users);
    return {
      figures: [
        { what: 'writes that fill it, 64 in flight', value: perSecond, unit: '/s' },
        ...asked('one caller', { measured: again.people.floor, floor: [before] }, EMPTY),
        ...asked('each person for the first time', { measured: [first.people], floor: again.people.floor }),
        ...asked('each machine for the first time', {
          measured: [first.machines],
          floor: again.machines.floor,
        }),
        ...asked('each person again', again.people),
        ...asked('each machine again', again.machines),
        authorisation('a person, looked up', authorised.people.first),
        authorisation('a person, again', authorised.people.again),
        authorisation('a machine, looked up', authorised.machines.first),
        authorisation('a machine, again', authorised.machines.again),
        {
          what: 'warm start',
          value: median(starts),
          unit: 's',
          rounds: starts,
          floor: { what: EMPTY, value: median(emptyStarts) },
          limit: WARM_START_AT_MOST_S,
        },
      ],
      notes: [
        `${tenants.users} users, ${tenants.teams} teams, ${tenants.clients} machine clients, recorded through the API; ${tenants.teams} of the clients are active.`,
        'Authorisation is from a verified token to the answer of may(), by itself, in the rows of the provisioner. A first request is also noted as a sign-in, after its answer.',
      ],
    };
  },
};

/** Milliseconds of each call, one after the other. */
const ask = async ({ call }: Service, calls: number, tokens: readonly string[]): Promise<LoopResult> => {
  let next = 0;
  const loop = { inFlight: 1, milliseconds: Number.POSITIVE_INFINITY, calls };
  return closedLoop(loop, async () => {
    await call('GET', '/auth/me', { token: tokens[next++ % tokens.length] ?? '' });
  });
};

const subjects = ({ users }: Tenants) =>
  Array.from({ length: users }, (_, user) => ({ subject: subjectOf(user) }));

const clients = ({ teams, clients: count }: Tenants) =>
  Array.from({ length: teams }, (_, team) => {
    const clientId = activeClientOf(team, count / teams);
    return { subject: clientId, clientId };
  });

/** Of so many people and machines, from all over. */
const tokensOf = async ({ mint }: Service, tenants: Tenants, count: number) => {
  const mintAll = async (all: readonly { subject: string }[]) => {
    const stride = Math.ceil(all.length / count);
    const tokens: string[] = [];
    for (const { subject } of all.filter((_, index) => index % stride === 0))
      tokens.push(await mint(subject));
    return tokens;
  };
  return { people: await mintAll(subjects(tenants)), machines: await mintAll(clients(tenants)) };
};

const asked = (who: string, rounds: Rounds, floorIs = ONE): Figure[] =>
  latencyFigures(`GET /auth/me, ${who}`, floorIs, rounds).slice(0, 1);

const authorisation = (who: string, times: readonly number[]): Figure => {
  const spread = distributionOf(times);
  return {
    what: `authorisation of ${who}, p50`,
    value: spread.p50,
    unit: 'ms',
    spread,
    limit: AUTHORISATION_AT_MOST_MS,
  };
};

/** Seconds until a request is taken, with the rows and checkpoints of before; everybody is still there. */
const warmStarts = async (bench: Bench, rounds: number, users: number): Promise<number[]> => {
  const starts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const system = await bench.system();
    starts.push(system.readyAfterMs / 1000);
    const { call } = await serviceOf(system);
    const { total } = await call<{ total: number }>('GET', '/admin/users?limit=1');
    if (total < users) throw new Error(`after the start there are ${total} users`);
    await system.stop();
  }
  return starts;
};
