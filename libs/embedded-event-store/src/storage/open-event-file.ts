import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sync } from './durable-file.js';
import { EventFileError } from './event-file.error.js';
import { inspectEventFile } from './inspect-event-file.js';
import { lookFirst } from './look-first.js';
import { APPLICATION_ID, FORMAT_VERSION, INCREMENTAL, SCHEMA } from './schema.js';
import { leavesFileInDoubt } from './storage-failure.js';

export const IN_MEMORY = ':memory:';

/** Opens the event store in `file`, or makes a new one when there is none. */
export const openEventFile = (file: string): DatabaseSync => {
  if (file === IN_MEMORY) return createIn(file);
  if (!inspectEventFile(file)) createFile(file);
  return openExisting(file);
};

/** Under another name first: a crash midway leaves no half-made store behind. */
const createFile = (file: string): void => {
  const folder = dirname(file);
  const unfinished = `${file}.creating`;
  mkdirSync(folder, { recursive: true });
  for (const leftover of [unfinished, `${unfinished}-journal`]) rmSync(leftover, { force: true });
  createIn(unfinished).close();
  renameSync(unfinished, file);
  sync(folder);
};

const createIn = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA page_size = 8192;
    PRAGMA auto_vacuum = INCREMENTAL;
    BEGIN;
    PRAGMA application_id = ${APPLICATION_ID};
    PRAGMA user_version = ${FORMAT_VERSION};
    ${SCHEMA}
    COMMIT;
  `);
  return database;
};

const openExisting = (file: string): DatabaseSync => {
  let database: DatabaseSync | undefined;
  try {
    lookFirst(file);
    database = new DatabaseSync(file);
    lock(database);
    letShrink(database);
    configure(database);
    return database;
  } catch (error) {
    database?.close();
    throw new EventFileError(file, explain(error), { cause: error });
  }
};

/** Keeps a second process out for as long as this one lives. */
const lock = (database: DatabaseSync): void => {
  database.exec(`
    PRAGMA locking_mode = EXCLUSIVE;
    PRAGMA journal_mode = WAL;
    BEGIN IMMEDIATE;
    COMMIT;
  `);
};

/** `FULL` syncs the journal with every commit; `fullfsync` makes that reach the disk on macOS, too. */
const configure = (database: DatabaseSync): void => {
  database.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA fullfsync = ON;
    PRAGMA checkpoint_fullfsync = ON;
    PRAGMA cache_size = -16384;
    PRAGMA temp_store = MEMORY;
  `);
};

/**
 * A file made before there was scavenging has to be rewritten once before it can become shorter. Where the disk
 * has no room for that it stays as it is: its free pages are used again, but not given back.
 */
const letShrink = (database: DatabaseSync): void => {
  if (Number(database.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum) === INCREMENTAL) return;
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (leavesFileInDoubt(error)) throw error;
  }
};

const SQLITE_BUSY = 5;

const explain = (error: unknown): string => {
  const { errcode, message } = error as { errcode?: number; message: string };
  // The lowest byte is the result code, the others refine it (https://www.sqlite.org/rescode.html).
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY
    ? 'is in use by another process.'
    : `cannot be opened: ${message}. If it is damaged, restore a backup.`;
};
