import { existsSync, rmSync } from 'node:fs';
import { newEventId } from '../log/event-id.js';
import { copyPrivately, nameFinished } from '../storage/durable-file.js';
import { EventFileError } from '../storage/event-file.error.js';
import { EventLog } from '../storage/event-log.js';
import { type BackupContent, checkBackup } from './check-backup.js';

/**
 * What is recorded after the backup is lost, but readers keep the positions they have reached. The log goes on
 * beyond all of them, or they would wait for it to pass them and miss what comes before. 2^40 are a TiB of events.
 */
const POSITIONS_LEFT_OUT = 2 ** 40;

/** Where the log tells of having been restored. */
const RESTORES = '$restores';

/**
 * Makes an event store of a backup, which stays as it is. The log then ends in an event `$restored` that names
 * the last position of the backup.
 *
 * @param target path of the new store; nobody may be using it
 * @throws EventFileError when the backup is damaged, or when something is in the way
 */
export const restoreBackup = (backup: string, target: string): BackupContent => {
  const inTheWay = ['', '-wal', '-shm', '-journal'].map((suffix) => target + suffix).filter(existsSync);
  if (inTheWay.length > 0) {
    throw new EventFileError(target, `is to be restored, but ${inTheWay.join(', ')} is there. Move it away.`);
  }
  const content = checkBackup(backup);
  const unfinished = `${target}.restoring`;
  const leftovers = [unfinished, `${unfinished}-wal`, `${unfinished}-shm`];
  for (const leftover of leftovers) rmSync(leftover, { force: true });
  try {
    copyPrivately(backup, unfinished);
    recordRestore(unfinished, content.lastPosition);
    nameFinished(unfinished, target);
  } finally {
    for (const leftover of leftovers) rmSync(leftover, { force: true });
  }
  return content;
};

const recordRestore = (file: string, backupPosition: number): void => {
  const log = EventLog.open(file);
  try {
    log.transaction(() => {
      log.leaveOut(POSITIONS_LEFT_OUT);
      log.write(RESTORES, [
        {
          id: newEventId(),
          type: '$restored',
          isJson: true,
          data: Buffer.from(JSON.stringify({ backupPosition })),
          metadata: new Uint8Array(),
        },
      ]);
    });
  } finally {
    log.close();
  }
};
