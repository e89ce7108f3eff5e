import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Files below the folder, as relative paths. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const status = statSync(join(folder, file), { throwIfNoEntry: false });
    return status?.isFile() ?? false;
  });

/** The files below `folder` that contain one of the secrets, in clear or base64; `except` = paths not looked at. */
export const filesWith = (folder: string, secrets: readonly string[], except: RegExp): string[] => {
  const needles = secrets.flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  ]);
  return filesBelow(folder)
    .filter((file) => !except.test(file))
    .filter((file) => {
      const bytes = readFileSync(join(folder, file));
      return needles.some((needle) => bytes.includes(needle));
    })
    .map((file) => relative('.', file));
};
