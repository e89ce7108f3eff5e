import type { SpawnedProcess } from './event-store-process.js';
import type { Acknowledgement } from './persistent-writer.js';

/** What a persistent writer was told is on disk. */
export const acknowledgementsOf = (writer: SpawnedProcess): Acknowledgement[] =>
  writer
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Acknowledgement);
