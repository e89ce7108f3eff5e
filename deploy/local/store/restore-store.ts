import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { restoreBackup } from '#libs/embedded-event-store';
import { eventStoreFile } from '../configuration/installation-values.js';
import { StartRefused } from '../start-refused.js';
import { DataDirectory } from '../state/data-directory.js';
import { lockDataDirectory } from '../state/data-directory-lock.js';
import type { StoreCommand } from './run-store-command.js';
import { runningStore } from './running-store.js';

/**
 * Puts a backup where the embedded store of a stopped installation expects its file. Views go: they may show what
 * the backup does not know, and are built anew from the log at the next start.
 *
 * @throws StartRefused
 */
export const restoreStore = async ({ variables, dataDirectory, file }: StoreCommand): Promise<string> => {
  if (variables.EVENTSTORE_URL !== undefined) {
    throw new StartRefused(['EVENTSTORE_URL is set: restore that store with its own tools.']);
  }
  const data = new DataDirectory(dataDirectory);
  const lock = lockDataDirectory(data);
  try {
    if (runningStore(data) !== undefined) {
      throw new StartRefused([`An event store still runs on ${dataDirectory}. Stop it first.`]);
    }
    const target = eventStoreFile(data);
    const { events, lastPosition } = restoreBackup(file, target);
    const views = removeViews(dataDirectory);
    return [
      `${target}: ${events} events up to position ${lastPosition}.`,
      views.length > 0 ? `Views to be built anew: ${views.join(', ')}.` : 'No views were here.',
      ...(variables.DATABASE_URL === undefined ? [] : [ELSEWHERE]),
    ].join('\n');
  } finally {
    lock.release();
  }
};

const ELSEWHERE =
  'DATABASE_URL is set: before you start, drop the views there, too (schemas rts_* in PostgreSQL, or the files).';

const removeViews = (dataDirectory: string): string[] => {
  const views = globSync('rts.*.db{,-wal,-shm}', { cwd: dataDirectory });
  for (const view of views) rmSync(join(dataDirectory, view));
  return views.filter((view) => view.endsWith('.db')).sort();
};
