import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/**
 * Opens a file nobody writes to, for reading. `immutable`: neither locks nor journals are made beside it
 * (https://www.sqlite.org/uri.html).
 */
export const openUnchanging = (file: string): DatabaseSync => {
  const url = pathToFileURL(file);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true });
};
