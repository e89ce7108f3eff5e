import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Says where this process is to be found: `{app, pid, internal_url}`, readable by its owner only. */
export const writeRunFile = async (
  file: string | undefined,
  entry: { app: string; internal_url: string },
): Promise<void> => {
  if (file === undefined) return;
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(draft, `${JSON.stringify({ ...entry, pid: process.pid })}\n`, { mode: 0o600 });
  await rename(draft, file);
};
