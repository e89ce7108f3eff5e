import { type MigrationDefinition, openDatabase, type Projection } from '#libs/read-model';

/** A row per fact, and a number per stream: neither forgives a repeat. */
const tallyMigration: MigrationDefinition = {
  name: 'tally-1',
  up: () => [
    'create table effect (position bigint primary key, fact_id text not null)',
    'create table tally (stream text primary key, facts integer not null)',
  ],
};

export const tally: Projection = {
  name: 'tally',
  prefixes: ['runnerName-'],
  apply: async (em, facts) => {
    for (const { position, id, stream } of facts) {
      await em.execute('insert into effect (position, fact_id) values (?, ?)', [position.toString(), id]);
      await em.execute(
        'insert into tally (stream, facts) values (?, 1) on conflict (stream) do update set facts = tally.facts + 1',
        [stream],
      );
    }
  },
};

export const openTallyDatabase = (databaseUrl: string) =>
  openDatabase({ databaseUrl, dataDir: '.', app: 'tally', entities: [], migrations: [tallyMigration] });
