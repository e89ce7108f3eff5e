import { expect, jest } from '@jest/globals';
import { ConnectionException, defineEntity, p } from '@mikro-orm/core';
import { register } from 'prom-client';
import type { Recorded } from '#libs/contracts';
import { onEachDatabase, recorded } from '#libs/testing';
import {
  type Database,
  foldRows,
  type Log,
  type MigrationDefinition,
  openDatabase,
  type Projection,
  type RunningProjections,
  runProjections,
} from './index.js';

jest.setTimeout(30_000);

const Tally = defineEntity({
  name: 'Tally',
  tableName: 'tally',
  properties: {
    word: p.string().primary(),
    count: p.integer(),
    history: p.json<string[]>(),
    at: p.datetime(),
  },
});
type TallyRow = { word: string; count: number; history: string[]; at: Date };

const tallyMigration: MigrationDefinition = {
  name: 'tally-1',
  up: ({ instant, json }) => [
    `create table tally (word text primary key, count integer not null, history ${json} not null, at ${instant} not null)`,
  ],
};

/** Counts words; "poison" cannot be handled. */
const tally = (name = 'tally', prefixes = ['word-']): Projection => ({
  name,
  prefixes,
  apply: async (em, facts) => {
    await foldRows<TallyRow>(em, facts, {
      entity: Tally,
      key: 'word',
      keyOf: (fact) => `${name}/${fact.type}`,
      evolve: (row, fact) => {
        if (fact.type === 'poison') throw new Error('this cannot be counted');
        return {
          word: `${name}/${fact.type}`,
          count: (row?.count ?? 0) + 1,
          history: [...(row?.history ?? []), fact.stream],
          at: fact.recordedAt,
        };
      },
    });
  },
});

const fact = (position: number, type: string, stream = 'word-1'): Recorded =>
  recorded({ type, data: {} }, { position, stream });

/** A log that hands its facts over in the batches it is told; `more` adds some while it is followed. */
const logOf = (facts: readonly Recorded[], sizes: readonly number[] = [500]) => {
  const all = [...facts];
  const wakes = new Set<() => void>();
  const log: Log & { more(...facts: Recorded[]): void } = {
    follow: async ({ prefixes, after = 0n, onFacts, onCaughtUp, signal }) => {
      let position = after;
      for (let turn = 0; !signal.aborted; turn++) {
        const size = sizes[turn % sizes.length] ?? 1;
        const batch = all.filter((event) => event.position > position).slice(0, size);
        const end = batch.at(-1)?.position;
        if (end !== undefined) {
          await onFacts(
            batch.filter(({ stream }) => prefixes.some((prefix) => stream.startsWith(prefix))),
            end,
          );
          position = end;
          continue;
        }
        onCaughtUp?.();
        await new Promise<void>((resolve) => {
          wakes.add(resolve);
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    more: (...added) => {
      all.push(...added);
      for (const wake of wakes) wake();
    },
  };
  return log;
};

const quiet = { warn: () => {}, error: () => {} };
const words = ['be', 'or', 'not', 'to'];
const manyFacts = Array.from({ length: 400 }, (_, index) => fact(index + 1, words[index % 4] ?? 'be'));
const rowsOf = async (database: Database) =>
  (await database.em().find(Tally, {}, { orderBy: { word: 'asc' } })).map(({ word, count, history }) => ({
    word,
    count,
    history: history.length,
  }));
const eachWordHundredTimes = ['be', 'not', 'or', 'to'].map((word) => ({
  word: `tally/${word}`,
  count: 100,
  history: 100,
}));

onEachDatabase('projections', ({ kind, test, newAddress, closing }) => {
  const open = async (databaseUrl = newAddress()) =>
    closing(
      await openDatabase({
        databaseUrl,
        dataDir: '.',
        app: 'tally',
        entities: [Tally],
        migrations: [tallyMigration],
      }),
    );
  const run = (log: Log, database: Database, projections = [tally()]): RunningProjections => {
    const running = runProjections({ log, database, projections, logger: quiet });
    closing({ close: () => running.stop() });
    return running;
  };

  test('gives the same rows however the facts are split into batches', async () => {
    for (const sizes of [[500], [1], [7, 1, 64], [3, 250]]) {
      const database = await open();
      const running = run(logOf(manyFacts, sizes), database);
      await running.untilCaughtUp();
      expect(await rowsOf(database)).toEqual(eachWordHundredTimes);
    }
  });

  test('goes on after its checkpoint when it starts again', async () => {
    const address = newAddress();
    const first = run(logOf(manyFacts.slice(0, 200)), await open(address));
    await first.untilCaughtUp();
    await first.stop();

    const database = await open(address);
    const second = run(logOf(manyFacts), database);
    await second.untilCaughtUp();
    expect(await rowsOf(database)).toEqual(eachWordHundredTimes);
    expect(second.progress()).toMatchObject([{ name: 'tally', position: 400n }]);
  });

  test('keeps readers waiting until the rows show what they know of', async () => {
    const log = logOf(manyFacts.slice(0, 10));
    const running = run(log, await open());
    expect(await running.waitFor(10n, 5_000)).toBe(true);
    expect(await running.waitFor(11n, 20)).toBe(false);
    const later = running.waitFor(12n, 5_000);
    log.more(fact(11, 'be'), fact(12, 'of no interest', 'other-1'));
    expect(await later).toBe(true);
  });

  test('stops at a fact it cannot handle, says which, and leaves the other projections running', async () => {
    const facts = [fact(1, 'be'), fact(2, 'poison', 'word-2'), fact(3, 'be'), fact(4, 'be', 'phrase-1')];
    const database = await open();
    const running = run(logOf(facts), database, [tally(), tally('phrases', ['phrase-'])]);
    await running.untilCaughtUp();

    expect(running.progress()).toMatchObject([
      { name: 'tally', position: 1n, stopped: expect.stringContaining('poison at word-2@2') },
      { name: 'phrases', position: 4n, stopped: undefined },
    ]);
    expect(await rowsOf(database)).toEqual([
      { word: 'phrases/be', count: 1, history: 1 },
      { word: 'tally/be', count: 1, history: 1 },
    ]);
    expect(running.health()).toEqual({
      status: 'down',
      detail: expect.stringContaining('tally has stopped'),
    });
    expect(await running.waitFor(4n, 1_000)).toBe(false);
    expect(await register.metrics()).toContain('rts_projection_stopped{projection="tally"} 1');
  });

  test('stops only its reader when the log holds a fact that cannot be read', async () => {
    const unreadable = Object.assign(new Error('cannot read word-9@0'), { stream: 'word-9' });
    const inner = logOf([fact(1, 'be', 'phrase-1')]);
    const log: Log = {
      follow: async (options) => {
        if (options.prefixes.includes('word-')) throw unreadable;
        return inner.follow(options);
      },
    };
    const running = run(log, await open(), [tally(), tally('phrases', ['phrase-'])]);
    await running.untilCaughtUp();
    expect(running.progress()).toMatchObject([{ stopped: 'cannot read word-9@0' }, { position: 1n }]);
  });

  test('saves nothing twice and misses nothing when the database goes away for a while', async () => {
    const database = await open();
    let asked = 0;
    const away = () => asked > 2 && asked < 6;
    const unreliable: Database = {
      ...database,
      em: () => {
        asked += 1;
        if (away()) throw new ConnectionException(new Error('the server closed the connection'));
        return database.em();
      },
      ping: () => (away() ? Promise.reject(new Error('away')) : database.ping()),
    };
    const running = run(logOf(manyFacts, [100]), unreliable);
    await running.untilCaughtUp();
    expect(await rowsOf(database)).toEqual(eachWordHundredTimes);
    expect(running.health()).toEqual({ status: 'up' });
  });

  if (kind === 'postgresql') {
    test('gives broken connections back, however many break inside a transaction', async () => {
      const database = await open();
      const moreThanThePoolHolds = Array.from({ length: 10 }, () =>
        database.em().transactional(async (em) => {
          const [{ pid } = { pid: 0 }] = await em.execute<{ pid: number }[]>(
            'select pg_backend_pid() as pid',
          );
          await em.execute(`select pg_terminate_backend(${pid})`);
        }),
      );
      const outcomes = await Promise.allSettled(moreThanThePoolHolds);
      expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'));
      await database.ping();
    });

    test('two replicas start at once on one database and double nothing', async () => {
      const address = newAddress();
      const [one, two] = await Promise.all([open(address), open(address)]);
      const replicas = [run(logOf(manyFacts, [7]), one), run(logOf(manyFacts, [50, 3]), two)];
      await Promise.all(replicas.map((replica) => replica.untilCaughtUp()));
      expect(await rowsOf(one)).toEqual(eachWordHundredTimes);
      expect(await Promise.all(replicas.map((replica) => replica.waitFor(400n, 1_000)))).toEqual([
        true,
        true,
      ]);
    });
  }
});
