import { DatabaseSync } from 'node:sqlite';
import { StartRefused } from '../start-refused.js';
import type { DataDirectory } from './data-directory.js';

/**
 * Keeps every other launcher away from the data directory until released. It is a lock of SQLite, so the system
 * drops it with the process, however that ends: it can never be left behind.
 * @throws StartRefused with the process id of the one that holds it
 */
export function lockDataDirectory(data: DataDirectory): { release: () => void } {
  const lock = new DatabaseSync(data.in('launcher.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    const owner = data.readJson(data.in('launcher.json'))?.pid ?? 'unknown';
    throw new StartRefused([
      `${data.path} is in use by process ${owner}. Stop that one, or set another DATA_DIR and SERVICE_PORT.`,
    ]);
  }
  data.writeJson(data.in('launcher.json'), { pid: process.pid });
  return { release: () => lock.close() };
}
