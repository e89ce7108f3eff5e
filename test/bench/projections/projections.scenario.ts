import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '../../../libs/testing/src/postgres.js';
import type { Bench } from '../bench.js';
import { type CpuCost, costOf } from '../cpu-cost.js';
import type { Figure } from '../figure.js';
import type { Outcome, Scenario } from '../scenario.js';
import { median } from '../statistics/distribution.js';
import type { BareInsertsTask } from './bare-inserts.process.js';
import type { ProjectTask } from './project.process.js';
import { type ViewName, views } from './views.js';

const FLOOR =
  'as many rows and a checkpoint by the bare driver, as many in a transaction, in a table with the same columns and indexes';
const AT_LEAST_PER_SECOND = 8_000;

/** Far behind the log, a view gets as many facts at once as the log hands over; at its end, one at a time. */
type Step = { view: ViewName; together: number; count: number; limit?: number };
const stepsOf = (bench: Bench): readonly Step[] => [
  { view: 'audit', together: 500, count: bench.sized(15_000, 10_000), limit: AT_LEAST_PER_SECOND },
  { view: 'fleet', together: 500, count: bench.sized(15_000, 10_000), limit: AT_LEAST_PER_SECOND },
  { view: 'audit', together: 1, count: bench.sized(400, 200) },
  { view: 'fleet', together: 1, count: bench.sized(400, 200) },
  { view: 'tracking', together: 1, count: bench.sized(400, 200) },
];

type DatabaseKind = { kind: string; newAddress(): string };

/** How fast facts become rows. */
export const projections: Scenario = {
  name: 'projections',
  title: 'facts into rows, checkpoint included: the audit records and the fleet',
  withinSeconds: 300,
  run: async (bench: Bench): Promise<Outcome> => {
    const figures: Figure[] = [];
    const costs: CpuCost[] = [];
    const databases = await findDatabases(bench);
    for (const database of databases) {
      for (const step of stepsOf(bench)) {
        const { figure, cost } = await measureStep(bench, step, database);
        figures.push(figure);
        costs.push(cost);
      }
    }
    const missing = databases.length === 1 ? ['PostgreSQL is not installed here: SQLite only.'] : [];
    return { figures, costs, notes: missing };
  },
};

const findDatabases = async (bench: Bench): Promise<DatabaseKind[]> => {
  let files = 0;
  const sqlite = { kind: 'SQLite', newAddress: () => `sqlite://${join(bench.folder, `views${files++}.db`)}` };
  const programs = postgresPrograms();
  if (programs === undefined) return [sqlite];
  const server = bench.ending(await startPostgres(programs));
  let databases = 0;
  return [sqlite, { kind: 'PostgreSQL', newAddress: () => server.createDatabase(`views${databases++}`) }];
};

const measureStep = async (bench: Bench, step: Step, { kind, newAddress }: DatabaseKind) => {
  const { view, together, count, limit } = step;
  const { app, table } = views[view];
  const what = `${view}, ${kind}, ${together} at a time`;
  const project = bench.subject<ProjectTask, { perSecond: number; rows: number }>(
    view,
    new URL('./project.process.js', import.meta.url),
  );
  const bare = bench.worker<BareInsertsTask, { perSecond: number }>(
    'bare-inserts',
    new URL('./bare-inserts.process.js', import.meta.url),
  );
  const [rates, floors] = [[] as number[], [] as number[]];
  await project.ask({ view, databaseUrl: newAddress(), count: count / 2, together });
  const rounds = bench.sized(3, 1);
  const { cpu } = await bench.measure(what, [project], async () => {
    for (let round = 0; round < rounds; round++) {
      const databaseUrl = newAddress();
      rates.push((await project.ask({ view, databaseUrl, count, together })).perSecond);
      floors.push((await bare.ask({ databaseUrl, app, table, count, together })).perSecond);
    }
  });
  await project.stop();
  await bare.stop();
  const figure: Figure = {
    what,
    value: median(rates),
    unit: '/s',
    floor: { what: FLOOR, value: median(floors) },
    rounds: rates,
    ...(limit === undefined ? {} : { limit }),
  };
  return { figure, cost: costOf(`fact, ${what}`, rounds * count, cpu) };
};
