import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newEventId } from '../log/event-id.js';
import type { RecordedEvent } from '../log/recorded-event.js';
import { EventFileError } from '../storage/event-file.error.js';
import { EventLog } from '../storage/event-log.js';
import { Backups } from './backups.js';
import { checkBackup } from './check-backup.js';
import { claimBackup } from './claim-backup.js';
import { restoreBackup } from './restore-backup.js';

let folder: string;
let file: string;
let log: EventLog;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
  file = join(folder, 'events.sqlite');
  log = EventLog.open(file);
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const append = (to: EventLog, streamName: string, events: number, bytes = 300): void => {
  const proposed = Array.from({ length: events }, () => ({
    id: newEventId(),
    type: 'Happened',
    isJson: true,
    data: Buffer.alloc(bytes, 'x'),
    metadata: new Uint8Array(),
  }));
  to.withoutSync(() => to.transaction(() => to.write(streamName, proposed)));
};

const allOf = (source: EventLog): RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  for (let page = source.reader.allForwards(0, 256); page.length > 0; ) {
    events.push(...page);
    page = source.reader.allForwards(page.at(-1)?.position ?? Number.MAX_SAFE_INTEGER, 256);
  }
  return events;
};

const placeOf = ({ position, streamName, revision }: RecordedEvent): string =>
  `${position} ${streamName}@${revision}`;

const placesIn = (source: EventLog): string[] => allOf(source).map(placeOf);

const opened = <T>(path: string, look: (opened: EventLog) => T): T => {
  const other = EventLog.open(path);
  try {
    return look(other);
  } finally {
    other.close();
  }
};

const made = async (): Promise<string> => {
  const copy = await new Backups(log, file).make();
  if (copy === undefined) throw new Error('There was another one.');
  const target = join(folder, 'backup');
  claimBackup(copy, target);
  return target;
};

const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

describe('a backup', () => {
  it('holds what was appended before it was asked for, for its owner only', async () => {
    append(log, 'order-1', 500);
    const backup = await made();
    expect(statSync(backup).mode & 0o777).toBe(0o600);
    expect(checkBackup(backup)).toEqual({
      events: 501,
      lastPosition: log.lastPosition,
      bytes: statSync(backup).size,
    });
    expect(opened(backup, allOf)).toEqual(allOf(log));
  });

  it('is what was there when it was asked for, although appends go on', async () => {
    append(log, 'order-1', 200, 100_000);
    const before = allOf(log);
    let over = false;
    const making = new Backups(log, file).make().finally(() => {
      over = true;
    });
    let appended = 0;
    while (!over) {
      // More than enough for SQLite to change the file, if it were not held.
      append(log, 'order-2', 30, 100_000);
      appended += 1;
      await new Promise(setImmediate);
    }
    const copy = (await making) ?? '';
    expect(appended).toBeGreaterThan(0);
    expect(checkBackup(copy)).toMatchObject({ events: 201, lastPosition: before.at(-1)?.position });
    expect(opened(copy, placesIn)).toEqual(before.map(placeOf));
    expect(log.stream('order-2').lastRevision).toBe(30 * appended - 1);
  });

  it('leaves the journal to be carried over again', async () => {
    await made();
    for (let turn = 0; turn < 40; turn += 1) append(log, 'order-1', 10, 100_000);
    expect(statSync(file).size).toBeGreaterThan(20_000_000);
  });

  it('made while the store closes is none', async () => {
    append(log, 'order-1', 200, 100_000);
    const making = new Backups(log, file).make();
    log.close();
    await expect(making).rejects.toThrow('not open');
    expect(readdirSync(folder)).toEqual(['events.sqlite']);
    log = EventLog.open(file);
  });

  it('is made one at a time', async () => {
    const backups = new Backups(log, file);
    const [first, second] = await Promise.all([backups.make(), backups.make()]);
    expect(first).toBeDefined();
    expect(second).toBeUndefined();
    expect(await backups.make()).toBeDefined();
  });

  it('that nobody claimed is gone at the next start', async () => {
    const copy = (await new Backups(log, file).make()) ?? '';
    expect(existsSync(copy)).toBe(true);
    new Backups(log, file);
    expect(existsSync(copy)).toBe(false);
  });

  it('never takes the place of another file', async () => {
    writeFileSync(join(folder, 'backup'), 'mine');
    await expect(made()).rejects.toThrow('EEXIST');
    expect(readFileSync(join(folder, 'backup'), 'utf8')).toBe('mine');
  });

  it.each(existsSync('/dev/shm') ? ['/dev/shm'] : [])('can go to another file system, %s', async (mount) => {
    const elsewhere = mkdtempSync(join(mount, 'backup-'));
    try {
      const target = join(elsewhere, 'backup');
      claimBackup((await new Backups(log, file).make()) ?? '', target);
      expect(readdirSync(elsewhere)).toEqual(['backup']);
      expect(existsSync(`${file}.backup`)).toBe(false);
      expect(statSync(target).mode & 0o777).toBe(0o600);
      expect(checkBackup(target).events).toBe(1);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });

  it('of a store in memory is refused', async () => {
    const inMemory = EventLog.open(':memory:');
    await expect(new Backups(inMemory, ':memory:').make()).rejects.toThrow('in memory');
    inMemory.close();
  });
});

describe('a backup that is checked', () => {
  const refused = (backup: string, reason: RegExp): void => {
    const before = contents();
    expect(() => checkBackup(backup)).toThrow(EventFileError);
    expect(() => checkBackup(backup)).toThrow(reason);
    expect(() => restoreBackup(backup, join(folder, 'restored'))).toThrow(reason);
    expect(contents()).toEqual(before);
  };

  it('must be there', () => refused(join(folder, 'nothing'), /is not there, or empty/));

  it('must be an event store', () => {
    const notes = join(folder, 'notes');
    writeFileSync(notes, 'Dear diary, '.repeat(50));
    refused(notes, /is no event store/);
  });

  it('must be of a format that is known', async () => {
    const backup = await made();
    const newer = new DatabaseSync(backup);
    newer.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 7');
    newer.close();
    refused(backup, /has format 7/);
  });

  it('must be whole', async () => {
    append(log, 'order-1', 2000);
    const backup = await made();
    truncateSync(backup, statSync(backup).size - 8192);
    refused(backup, /is damaged/);
  });

  it('must be all of it: not the file of a store that left a journal beside it', async () => {
    const backup = await made();
    writeFileSync(`${backup}-wal`, 'what was acknowledged last');
    refused(backup, /journal/);
  });

  it('must agree with itself, to its last page', async () => {
    append(log, 'order-1', 2000);
    const backup = await made();
    const bytes = readFileSync(backup);
    const middle = Math.floor(bytes.length / 2 / 8192) * 8192;
    writeFileSync(backup, bytes.fill(0xff, middle, middle + 8192));
    refused(backup, /is damaged/);
  });
});

describe('restoring', () => {
  it('makes a store of a backup: the same events, revisions going on', async () => {
    append(log, 'order-1', 500);
    const backup = await made();
    const atBackup = allOf(log);
    append(log, 'order-1', 100);
    const target = join(folder, 'restored');
    expect(restoreBackup(backup, target)).toMatchObject({ events: 501 });
    expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.startsWith('restored'))).toEqual(['restored']);
    opened(target, (restored) => {
      const events = allOf(restored);
      expect(events.slice(0, -1)).toEqual(atBackup);
      const last = events.at(-1);
      expect([last?.streamName, last?.type]).toEqual(['$restores', '$restored']);
      expect(JSON.parse(Buffer.from(last?.data ?? []).toString())).toEqual({
        backupPosition: atBackup.at(-1)?.position,
      });
      append(restored, 'order-1', 1);
      expect(restored.stream('order-1').lastRevision).toBe(500);
    });
    expect(checkBackup(backup).events).toBe(501);
  });

  it('gives out no position that a reader of the lost events may have reached', async () => {
    const backup = await made();
    append(log, 'order-1', 100, 100_000);
    const target = join(folder, 'restored');
    restoreBackup(backup, target);
    const restoredEnd = opened(target, ({ lastPosition }) => lastPosition);
    expect(restoredEnd).toBeGreaterThan(log.lastPosition);
    const again = join(folder, 'again');
    restoreBackup(target, again);
    expect(opened(again, ({ lastPosition }) => lastPosition)).toBeGreaterThan(restoredEnd);
  });

  it.each(['', '-wal', '-shm', '-journal'])('is refused when a file %s is in the way', async (suffix) => {
    const backup = await made();
    const target = join(folder, 'restored');
    writeFileSync(`${target}${suffix}`, 'mine');
    const before = contents();
    expect(() => restoreBackup(backup, target)).toThrow(/Move it away/);
    expect(contents()).toEqual(before);
  });

  it('begins anew after one that was cut off', async () => {
    append(log, 'order-1', 10);
    const backup = await made();
    const target = join(folder, 'restored');
    writeFileSync(`${target}.restoring`, 'half');
    writeFileSync(`${target}.restoring-wal`, 'half');
    expect(restoreBackup(backup, target)).toMatchObject({ events: 11 });
  });
});
