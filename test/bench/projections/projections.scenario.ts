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
  'as many rows into a table with the same columns and indexes by the bare driver, as many in a transaction';
const AT_LEAST_PER_SECOND = 8_000;
const NAMES: readonly ViewName[] = ['audit', 'fleet'];

type DatabaseKind = { kind: string; newAddress(): string };

/** How fast facts become rows. */
export const projections: Scenario = {
  name: 'projections',
  title: 'facts into rows, checkpoint included: the audit records and the fleet',
  withinSeconds: 180,
  run: async (bench: Bench): Promise<Outcome> => {
    const figures: Figure[] = [];
    const costs: CpuCost[] = [];
    const databases = await findDatabases(bench);
    for (const database of databases) {
      for (const view of NAMES) {
        const { figure, cost } = await measureView(bench, view, database);
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

const measureView = async (bench: Bench, view: ViewName, { kind, newAddress }: DatabaseKind) => {
  const { app, table } = views[view];
  const count = bench.sized(30_000, 9_000);
  const what = `${view}, ${kind}`;
  const project = bench.subject<ProjectTask, { perSecond: number; rows: number }>(
    view,
    new URL('./project.process.js', import.meta.url),
  );
  const bare = bench.worker<BareInsertsTask, { perSecond: number }>(
    'bare-inserts',
    new URL('./bare-inserts.process.js', import.meta.url),
  );
  const [rates, floors] = [[] as number[], [] as number[]];
  await project.ask({ view, databaseUrl: newAddress(), count: count / 3 });
  const rounds = bench.sized(3, 1);
  const { cpu } = await bench.measure(what, [project], async () => {
    for (let round = 0; round < rounds; round++) {
      const databaseUrl = newAddress();
      rates.push((await project.ask({ view, databaseUrl, count })).perSecond);
      floors.push((await bare.ask({ databaseUrl, app, table, count })).perSecond);
    }
  });
  await project.stop();
  await bare.stop();
  const figure: Figure = {
    what,
    value: median(rates),
    unit: '/s',
    floor: { what: FLOOR, value: median(floors) },
    limit: AT_LEAST_PER_SECOND,
    rounds: rates,
  };
  return { figure, cost: costOf(`fact, ${what}`, rounds * count, cpu) };
};
