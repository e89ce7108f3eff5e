import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { checkBackup, claimBackup } from '#libs/embedded-event-store';
import { StartRefused } from '../start-refused.js';
import { DataDirectory } from '../state/data-directory.js';
import type { StoreCommand } from './run-store-command.js';
import { runningStore } from './running-store.js';

/**
 * Copies what the running embedded store holds, checks the copy and moves it to where it was asked for.
 *
 * @throws StartRefused
 */
export const backUpStore = async ({ variables, dataDirectory, file }: StoreCommand): Promise<string> => {
  if (variables.EVENTSTORE_URL !== undefined) {
    throw new StartRefused(['EVENTSTORE_URL is set: back that store up with its own tools.']);
  }
  if (existsSync(file)) throw new StartRefused([`${file} is there already; nothing was changed.`]);
  if (!existsSync(dirname(file))) throw new StartRefused([`There is no folder ${dirname(file)}.`]);
  const internalUrl = existsSync(dataDirectory) && runningStore(new DataDirectory(dataDirectory));
  if (!internalUrl) {
    throw new StartRefused([`No event store runs on ${dataDirectory}. Start it, or name another DATA_DIR.`]);
  }
  const copy = await copyOf(internalUrl);
  const { events, lastPosition, bytes } = checkBackup(copy);
  claimBackup(copy, file);
  return `${file}: ${events} events up to position ${lastPosition}, ${bytes} bytes, checked.`;
};

const copyOf = async (internalUrl: string): Promise<string> => {
  const response = await fetch(`${internalUrl}/backup`, { method: 'POST' }).catch(() => undefined);
  if (response?.status === 409) throw new StartRefused(['Another backup is being made. Try again.']);
  const answer = response?.ok ? ((await response.json()) as { file?: unknown }) : {};
  if (typeof answer.file !== 'string') {
    throw new StartRefused(['The event store could not make a copy; its log says why.']);
  }
  return answer.file;
};
