import { processIdentity } from '../processes/process-identity.js';
import { readRunFile } from '../processes/run-files.js';
import type { DataDirectory } from '../state/data-directory.js';

/** Internal address of the store that runs on this data directory; undefined when none does. */
export const runningStore = (data: DataDirectory): string | undefined => {
  const { pid } = data.readJson(data.runFile('event-store')) ?? {};
  if (typeof pid !== 'number' || processIdentity(pid) === undefined) return undefined;
  return readRunFile(data, 'event-store', pid)?.internal_url;
};
