import { statSync } from 'node:fs';
import { EventFileError } from '../storage/event-file.error.js';
import { hasJournal, inspectEventFile } from '../storage/inspect-event-file.js';
import { openUnchanging } from '../storage/open-unchanging.js';

/** What a backup holds. */
export interface BackupContent {
  readonly events: number;
  readonly lastPosition: number;
  readonly bytes: number;
}

/**
 * Reads a backup from its first to its last page and compares its indexes with its tables. Changes nothing.
 *
 * @throws EventFileError when it is none, or damaged
 */
export const checkBackup = (file: string): BackupContent => {
  if (!inspectEventFile(file)) throw new EventFileError(file, 'is not there, or empty.');
  if (hasJournal(file)) {
    throw new EventFileError(
      file,
      `is the file of a store, and its journal ${file}-wal holds more: back that store up while it runs.`,
    );
  }
  const database = openUnchanging(file);
  try {
    const problems = database
      .prepare('PRAGMA integrity_check(1)')
      .all()
      .map(({ integrity_check: found }) => String(found));
    if (problems[0] !== 'ok') throw new EventFileError(file, `is damaged: ${problems[0]}.`);
    const content = database.prepare('SELECT count(*) AS events, max(position) AS last FROM event').get();
    return {
      events: Number(content?.events),
      lastPosition: Number(content?.last),
      bytes: statSync(file).size,
    };
  } catch (error) {
    if (error instanceof EventFileError) throw error;
    throw new EventFileError(file, `is damaged: ${(error as Error).message}.`, { cause: error });
  } finally {
    database.close();
  }
};
