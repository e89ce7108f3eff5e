import { once } from 'node:events';
import type { Recorded } from '#libs/contracts';
import { type Log, openDatabase, runProjections } from '#libs/read-model';
import { runnerLives } from '../facts/runner-lives.js';
import { answer } from '../processes/worker.js';
import { type ViewName, views } from './views.js';

/** Runs a view's projections over facts that are in memory already: what is measured is facts into rows. */
export type ProjectTask = {
  view: ViewName;
  databaseUrl: string;
  count: number;
  /** So many are handed over at once. */
  together: number;
};

const PATIENCE_MS = 60_000;
const logger = {
  warn: (details: object, message: string) =>
    process.stderr.write(`${message} ${String(Object.values(details)[0])}\n`),
  error: (details: object, message: string) =>
    process.stderr.write(`${message} ${String(Object.values(details)[0])}\n`),
};

const recordedFacts = ({ count, together }: ProjectTask): Recorded[] =>
  [...runnerLives(count, Math.max(together, 20))].map(({ id, stream, event, metadata }, index) => ({
    ...event,
    id,
    stream,
    metadata,
    revision: 0n,
    position: BigInt(index + 1),
    recordedAt: new Date(Date.UTC(2026, 0, 1) + index),
  }));

const inMemory = (facts: readonly Recorded[], together: number): Log => ({
  follow: async ({ onFacts, onCaughtUp, signal }) => {
    for (let start = 0; start < facts.length; start += together) {
      const batch = facts.slice(start, start + together);
      await onFacts(batch, batch.at(-1)?.position ?? 0n);
    }
    onCaughtUp?.();
    if (!signal.aborted) await once(signal, 'abort');
  },
});

answer<ProjectTask, { perSecond: number; rows: number }>(async (task) => {
  const { view, databaseUrl, count, together } = task;
  const { app, entities, migrations, projections, table } = views[view];
  const facts = recordedFacts(task);
  const database = await openDatabase({ app, databaseUrl, dataDir: '.', entities, migrations });
  try {
    const startedAt = performance.now();
    const running = runProjections({ log: inMemory(facts, together), database, projections, logger });
    if (!(await running.waitFor(BigInt(count), PATIENCE_MS))) throw new Error(`${view} has stopped`);
    const seconds = (performance.now() - startedAt) / 1000;
    await running.stop();
    const [{ rows = 0 } = {}] = await database
      .em()
      .execute<{ rows: number }[]>(`select count(*) as rows from ${table}`);
    return { perSecond: count / seconds, rows: Number(rows) };
  } finally {
    await database.close();
  }
});
