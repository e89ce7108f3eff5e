import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { newEventId } from '../log/event-id.js';
import { EventLog } from './event-log.js';
import { Journal } from './journal.js';
import { IN_MEMORY, openEventFile } from './open-event-file.js';

let folder: string;
let database: DatabaseSync;
let log: EventLog;
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  database = openEventFile(join(folder, 'events.sqlite'));
  log = new EventLog(database);
  journal = new Journal(database);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Much more than SQLite lets gather in the journal by itself. */
const appendMuch = (): void => {
  for (let turn = 0; turn < 30; turn += 1) {
    const event = {
      id: newEventId(),
      type: 'Happened',
      isJson: false,
      data: Buffer.alloc(1_000_000, turn),
      metadata: new Uint8Array(),
    };
    log.withoutSync(() => log.transaction(() => log.write('order-1', [event])));
  }
};

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

describe('the journal', () => {
  it('lets the file keep still, up to date, while the log goes on', async () => {
    appendMuch();
    await journal.whileFileKeepsStill(async (file) => {
      const before = digest(file);
      appendMuch();
      journal.carryOver();
      expect(digest(file)).toBe(before);
      expect(readFileSync(file).includes(Buffer.alloc(1000, 29))).toBe(true);
    });
    expect(log.stream('order-1').lastRevision).toBe(59);
  });

  it('is carried over again afterwards, also when the work failed', async () => {
    let before = '';
    const failing = journal.whileFileKeepsStill(async (file) => {
      before = digest(file);
      throw new Error('No room.');
    });
    await expect(failing).rejects.toThrow('No room.');
    appendMuch();
    expect(digest(join(folder, 'events.sqlite'))).not.toBe(before);
  });

  it('holds the file for one at a time', async () => {
    const nothing = async () => undefined;
    await journal.whileFileKeepsStill(async () => {
      await expect(journal.whileFileKeepsStill(nothing)).rejects.toThrow('held already');
    });
    await journal.whileFileKeepsStill(nothing);
  });

  it('of a store in memory has no file to hold', async () => {
    const inMemory = openEventFile(IN_MEMORY);
    await expect(new Journal(inMemory).whileFileKeepsStill(async () => undefined)).rejects.toThrow('no file');
    inMemory.close();
  });
});
