import type { Database, MigrationDefinition } from '#libs/read-model';

export const turnMigration: MigrationDefinition = {
  name: 'turn-1',
  up: () => ['create table turn (name text primary key, due_at bigint not null)'],
};

/**
 * Whose turn it is: of the replicas that share a database, one gets it, and the next turn is one interval later.
 * @param now milliseconds since 1970
 */
export const takeTurn = async (
  database: Database,
  name: string,
  { now, everyMs }: { now: number; everyMs: number },
): Promise<boolean> => {
  const em = database.em();
  await em.execute('insert into turn (name, due_at) values (?, 0) on conflict (name) do nothing', [name]);
  const taken = await em.execute<unknown[]>(
    'update turn set due_at = ? where name = ? and due_at <= ? returning name',
    [now + everyMs, name, now],
  );
  return taken.length === 1;
};
