import { rmSync } from 'node:fs';
import { copyPrivately, nameFinished } from '../storage/durable-file.js';

/**
 * Moves a checked copy to where it was asked for; it appears there whole or not at all.
 *
 * @throws EEXIST when there is a file of that name
 */
export const claimBackup = (copy: string, target: string): void => {
  try {
    nameFinished(copy, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const unfinished = `${target}.unfinished`;
    try {
      copyPrivately(copy, unfinished);
      nameFinished(unfinished, target);
    } finally {
      rmSync(unfinished, { force: true });
    }
    rmSync(copy);
  }
};
