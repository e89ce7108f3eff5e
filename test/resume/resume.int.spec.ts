import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import { eventStoreDb } from '#libs/event-store';
import { freePort, onEachDatabase } from '#libs/testing';
import {
  type CompiledSources,
  compileSources,
  startEventStoreProcess,
} from '../../libs/embedded-event-store/src/testing/event-store-process.js';
import { compileService } from './compiled-service.js';
import { Lane } from './lane.js';
import { openTallyDatabase } from './tally.projection.js';

jest.setTimeout(120_000);

const LANES = 6;
/** Who is killed, one after the other. */
const KILLS: readonly (readonly ('store' | 'service')[])[] = [
  ['service'],
  ['store'],
  ['store', 'service'],
  ['service'],
  ['store'],
  ['service', 'store'],
  ['store'],
  ['service'],
];
/** Appends acknowledged, and facts applied, between two kills. */
const BETWEEN = 60;

let storeSources: CompiledSources;
let compiled: ReturnType<typeof compileService>;
beforeAll(() => {
  storeSources = compileSources();
  compiled = compileService();
}, 60_000);
afterAll(() => {
  storeSources?.remove();
  compiled?.remove();
});

const until = async (condition: () => Promise<boolean> | boolean): Promise<void> => {
  while (!(await condition())) await sleep(10);
};

/** The service, from now until it is killed. */
const startService = (environment: Record<string, string>, onStopped: (words: string) => void) => {
  const child = spawn(process.execPath, [compiled.service], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr.setEncoding('utf8').on('data', (words: string) => {
    if (words.includes('has stopped')) onStopped(words);
  });
  return child;
};

onEachDatabase('the rows of a service', ({ test, newAddress, closing }) => {
  const folderOfLog = () => {
    const folder = mkdtempSync(join(tmpdir(), 'rts-resume-'));
    closing({ close: async () => rmSync(folder, { recursive: true, force: true }) });
    return folder;
  };

  /** A process that is there again after each kill. */
  const immortal = async (start: () => Promise<ChildProcess>) => {
    let child = await start();
    const end = async () => {
      const exited = once(child, 'exit');
      if (child.kill('SIGKILL')) await exited;
    };
    closing({ close: end });
    return {
      kill: end,
      start: async () => {
        child = await start();
      },
    };
  };

  test('have the effect of each fact once, however often store and service are killed', async () => {
    const folder = folderOfLog();
    const port = await freePort();
    const eventStoreUrl = `esdb://127.0.0.1:${port}?tls=false`;
    const databaseUrl = newAddress();
    const rows = closing(await openTallyDatabase(databaseUrl));
    const applied = async () => {
      const [row] = await rows
        .em()
        .execute<{ facts: number | string }[]>('select count(*) as facts from effect');
      return Number(row?.facts ?? 0);
    };
    let stopped: string | undefined;
    const processes = {
      store: await immortal(async () => {
        const started = await startEventStoreProcess(storeSources, folder, {
          EVENT_STORE_PORT: String(port),
          LOG_LEVEL: 'error',
        });
        return started.child;
      }),
      service: await immortal(async () =>
        startService({ EVENTSTORE_URL: eventStoreUrl, DATABASE_URL: databaseUrl }, (words) => {
          stopped = words;
        }),
      ),
    };

    const store = closing(eventStoreDb(eventStoreUrl));
    const lanes = Array.from({ length: LANES }, () => new Lane(store));
    const acknowledged = () => lanes.reduce((sum, lane) => sum + lane.acknowledged.length, 0);
    const stopping = new AbortController();
    const writing = Promise.all(lanes.map((lane) => lane.write(stopping.signal)));
    const more = async (count: () => Promise<number> | number) => {
      const before = await count();
      await until(async () => stopped !== undefined || (await count()) >= before + BETWEEN);
      expect(stopped).toBeUndefined();
    };

    for (const victims of KILLS) {
      await Promise.all([more(acknowledged), more(applied)]);
      for (const victim of victims) await processes[victim].kill();
      for (const victim of victims) await processes[victim].start();
    }
    await Promise.all([more(acknowledged), more(applied)]);
    stopping.abort();
    await writing;

    const log: { id: string; position: bigint; stream: string }[] = [];
    const read = new AbortController();
    await store.follow({
      prefixes: ['runnerName-'],
      onFacts: async (facts) => {
        log.push(...facts);
      },
      onCaughtUp: () => read.abort(),
      signal: read.signal,
    });
    for (const { stream, acknowledged: ids } of lanes) {
      expect(log.filter((fact) => fact.stream === stream).map(({ id }) => id)).toEqual(ids);
    }
    await until(async () => stopped !== undefined || (await applied()) >= log.length);
    expect(stopped).toBeUndefined();
    const effects = await rows
      .em()
      .execute<{ position: number | string; fact_id: string }[]>(
        'select position, fact_id from effect order by position',
      );
    expect(effects.map(({ position, fact_id }) => [BigInt(position), fact_id])).toEqual(
      log.map(({ position, id }) => [position, id]),
    );
    const tallies = await rows
      .em()
      .execute<{ stream: string; facts: number }[]>('select stream, facts from tally order by stream');
    expect(tallies.map(({ stream, facts }) => [stream, facts])).toEqual(
      lanes.map(({ stream, acknowledged: ids }) => [stream, ids.length]).sort(),
    );
  });
});
