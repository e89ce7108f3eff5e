import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a launcher needs to find and stop this process. */
export interface RunFile {
  readonly app: 'event-store';
  readonly pid: number;
  readonly internal_url: string;
  readonly connection_string: string;
}

/** Appears whole or not at all; for its owner only. */
export const writeRunFile = async (path: string, content: RunFile): Promise<void> => {
  const unfinished = `${path}.${content.pid}.tmp`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, `${JSON.stringify(content)}\n`, { mode: 0o600 });
  await rename(unfinished, path);
};
