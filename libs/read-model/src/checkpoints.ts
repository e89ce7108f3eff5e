import type { Recorded } from '#libs/contracts';
import { Checkpoint } from './checkpoint.entity.js';
import type { Database, EntityManager } from './open-database.js';
import type { Place, Projection } from './projection.js';
import { run } from './statement.js';
import { tableOf } from './table.js';

/** Before the first fact. */
const BEGINNING = -1n;

export type SavedProgress = {
  position: bigint;
  /** The newest fact in the rows. */
  fact: Place | undefined;
  savedAt: Date;
};

export const readCheckpoint = async (database: Database, projection: string): Promise<SavedProgress> => {
  const em = database.em();
  await em.upsert(
    Checkpoint,
    { projection, position: BEGINNING, factPosition: null, factId: null, updatedAt: new Date() },
    { onConflictAction: 'ignore', disableIdentityMap: true },
  );
  const { position, factPosition, factId, updatedAt } = await em.findOneOrFail(Checkpoint, { projection });
  const fact = factPosition == null || factId == null ? undefined : { position: factPosition, id: factId };
  return { position, fact, savedAt: updatedAt };
};

/** For who follows the log without rows: what was handled may be handled again after a crash. Never goes back. */
export const saveCheckpoint = async (database: Database, name: string, position: bigint): Promise<void> => {
  await database
    .em()
    .nativeUpdate(
      Checkpoint,
      { projection: name, position: { $lt: position } },
      { position, updatedAt: new Date() },
    );
};

/**
 * Rows and checkpoint in one transaction. Replicas that share a database take turns at the checkpoint's row, and
 * whoever comes second finds the work done.
 */
export const applyFacts = (
  database: Database,
  projection: Projection,
  facts: readonly Recorded[],
  position: bigint,
): Promise<void> =>
  database.em().transactional(async (em) => {
    const stored = await lockCheckpoint(em, projection.name);
    if (position <= stored) return;
    const unseen = facts.filter((fact) => fact.position > stored);
    if (unseen.length > 0) await projection.apply(em, unseen);
    const newest = unseen.at(-1);
    await moveCheckpoint(em, projection.name, position, newest);
  });

/** A write that changes nothing takes the row's lock in PostgreSQL and the database's in SQLite. */
const lockCheckpoint = async (em: EntityManager, projection: string): Promise<bigint> => {
  const [row] = await run<{ position: number | string }>(
    em,
    'update checkpoint set updated_at = updated_at where projection = ? returning position',
    [projection],
  );
  if (!row) throw new Error(`the checkpoint of ${projection} is gone`);
  return BigInt(row.position);
};

const moveCheckpoint = async (
  em: EntityManager,
  projection: string,
  position: bigint,
  newest: Place | undefined,
): Promise<void> => {
  const { columnOf } = tableOf(em, Checkpoint);
  const updatedAt = columnOf('updatedAt').toDatabase(new Date());
  const place = columnOf('position').toDatabase;
  if (!newest) {
    await run(em, 'update checkpoint set position = ?, updated_at = ? where projection = ?', [
      place(position),
      updatedAt,
      projection,
    ]);
    return;
  }
  await run(
    em,
    'update checkpoint set position = ?, updated_at = ?, fact_position = ?, fact_id = ? where projection = ?',
    [place(position), updatedAt, place(newest.position), newest.id, projection],
  );
};
