import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, it } from '@jest/globals';
import { POSTGRES_MISSING, postgresPrograms, startPostgres, type TestPostgres } from './postgres.js';

export type DatabaseSuite = {
  kind: 'sqlite' | 'postgresql';
  /** `it`, or a skipped one where PostgreSQL is not installed. */
  test: typeof it | typeof it.skip;
  /** For `DATABASE_URL`: an empty database. */
  newAddress(): string;
  /** Closed after the test, the last first. */
  closing<T extends { close(): Promise<void> }>(thing: T): T;
};

/** The same suite on SQLite and, where it is installed, on PostgreSQL. */
export const onEachDatabase = (name: string, define: (suite: DatabaseSuite) => void): void => {
  const programs = postgresPrograms();
  if (!programs) process.stderr.write(`${POSTGRES_MISSING}\n`);

  for (const kind of ['sqlite', 'postgresql'] as const) {
    describe(`${name} on ${kind}`, () => {
      const available = kind === 'sqlite' || programs !== undefined;
      const opened: { close(): Promise<void> }[] = [];
      let folder: string;
      let postgres: TestPostgres | undefined;
      let databases = 0;

      beforeAll(async () => {
        folder = mkdtempSync(join(tmpdir(), 'rts-views-'));
        if (kind === 'postgresql' && programs) postgres = await startPostgres(programs);
      }, 30_000);
      afterEach(async () => {
        for (const thing of opened.splice(0).reverse()) await thing.close();
      });
      afterAll(async () => {
        await postgres?.stop();
        rmSync(folder, { recursive: true, force: true });
      });

      define({
        kind,
        test: available ? it : it.skip,
        newAddress: () => {
          databases += 1;
          return postgres?.createDatabase(`views${databases}`) ?? `sqlite:///${folder}/views${databases}.db`;
        },
        closing: (thing) => {
          opened.push(thing);
          return thing;
        },
      });
    });
  }
};
