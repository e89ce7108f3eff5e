import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  openSync,
  rmSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** What was written to a file, or which files a folder has, is on disk when this returns. */
export const sync = (path: string): void => {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Gives a finished file its name, which nobody may have taken meanwhile: renaming would overwrite.
 *
 * @throws EEXIST
 */
export const nameFinished = (unfinished: string, name: string): void => {
  sync(unfinished);
  linkSync(unfinished, name);
  rmSync(unfinished);
  sync(dirname(name));
};

/** A copy for its owner only. @throws EEXIST */
export const copyPrivately = (source: string, target: string): void => {
  copyFileSync(source, target, constants.COPYFILE_EXCL);
  chmodSync(target, 0o600);
};
