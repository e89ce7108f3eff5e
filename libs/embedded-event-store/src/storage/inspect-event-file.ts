import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { EventFileError } from './event-file.error.js';
import { APPLICATION_ID, FORMAT_VERSION } from './schema.js';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/**
 * Looks at a file's first 100 bytes (https://www.sqlite.org/fileformat.html, section 1.3) and refuses one
 * that is not an event store of this format. Reads only: SQLite itself would already replay the journal of
 * a foreign file when opening it.
 *
 * @returns whether there is a file to open
 */
export const inspectEventFile = (file: string): boolean => {
  const found = readHeader(file);
  if (found === undefined || found.fileBytes === 0) return false;

  const { header, fileBytes } = found;
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new EventFileError(
      file,
      'is no event store: it does not begin like a SQLite file. Nothing was changed.',
    );
  }
  const applicationId = header.readUInt32BE(68);
  if (applicationId !== APPLICATION_ID) {
    throw new EventFileError(file, 'is a SQLite file of another application. Nothing was changed.');
  }
  const formatVersion = header.readUInt32BE(60);
  if (formatVersion !== FORMAT_VERSION) {
    throw new EventFileError(
      file,
      `has format ${formatVersion}, this program reads format ${FORMAT_VERSION}. Nothing was changed.`,
    );
  }
  // While a journal is waiting to be replayed the main file may rightly be shorter than its header says.
  const expectedBytes = pageBytes(header) * header.readUInt32BE(28);
  if (fileBytes < expectedBytes && !hasJournal(file)) {
    throw new EventFileError(
      file,
      `is damaged: ${fileBytes} bytes of ${expectedBytes} are there. Restore a backup. Nothing was changed.`,
    );
  }
  return true;
};

const readHeader = (file: string): { header: Buffer; fileBytes: number } | undefined => {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EventFileError(file, `cannot be read (${(error as Error).message}).`, { cause: error });
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new EventFileError(file, 'is not a regular file.');
    const header = Buffer.alloc(HEADER_BYTES);
    const read = readSync(descriptor, header, 0, HEADER_BYTES, 0);
    return { header: header.subarray(0, read), fileBytes: stat.size };
  } finally {
    closeSync(descriptor);
  }
};

/** The stored 1 stands for 65,536, which does not fit its two bytes. */
const pageBytes = (header: Buffer): number => {
  const stored = header.readUInt16BE(16);
  return stored === 1 ? 65_536 : stored;
};

/** Whether commits wait in a journal beside the file. */
export const hasJournal = (file: string): boolean =>
  (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
