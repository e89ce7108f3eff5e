import { existsSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { openUnchanging } from './open-unchanging.js';

/**
 * A file that turns out to be damaged stays as it is: closing it after opening it for writing would carry its
 * journal over. Never removes a journal: it may have become another process's in this moment.
 */
export const lookFirst = (file: string): void => {
  if (!existsSync(`${file}-wal`)) {
    lookAt(openUnchanging(file));
    return;
  }
  const indexWasThere = existsSync(`${file}-shm`);
  try {
    lookAt(new DatabaseSync(file, { readOnly: true }));
  } finally {
    // An index of the journal, which a reader makes and this program does without.
    if (!indexWasThere) rmSync(`${file}-shm`, { force: true });
  }
};

const lookAt = (database: DatabaseSync): void => {
  try {
    touchEnds(database);
  } finally {
    database.close();
  }
};

/** The pages that starting and appending need. A full check would read the whole file at every start. */
const touchEnds = (database: DatabaseSync): void => {
  for (const query of [
    'SELECT * FROM event ORDER BY position DESC LIMIT 1',
    'SELECT * FROM event ORDER BY position LIMIT 1',
    'SELECT stream_id, revision FROM event INDEXED BY event_by_revision ORDER BY stream_id DESC LIMIT 1',
    'SELECT stream_id, event_id FROM event INDEXED BY event_by_id ORDER BY stream_id DESC LIMIT 1',
    'SELECT * FROM stream ORDER BY stream_id DESC LIMIT 1',
    'SELECT name FROM stream ORDER BY name DESC LIMIT 1',
  ]) {
    database.prepare(query).all();
  }
};
