import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newEventId } from '../log/event-id.js';
import { EventFileError } from './event-file.error.js';
import { EventLog } from './event-log.js';
import { APPLICATION_ID, SCHEMA } from './schema.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'event-file-'));
  file = join(folder, 'events.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const append = (log: EventLog, streamName: string, events = 1): void =>
  log.transaction(() => {
    log.write(
      streamName,
      Array.from({ length: events }, () => ({
        id: newEventId(),
        type: 'Happened',
        isJson: true,
        data: Buffer.from('{}'),
        metadata: new Uint8Array(),
      })),
    );
  });

const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );

const expectRefused = (reason: RegExp): void => {
  const before = contents();
  expect(() => EventLog.open(file)).toThrow(EventFileError);
  expect(() => EventLog.open(file)).toThrow(reason);
  expect(contents()).toEqual(before);
};

describe('an event store file', () => {
  it('is made with a system event in it, at a position above 0', () => {
    const log = EventLog.open(join(folder, 'new', 'events.sqlite'));
    const events = log.reader.allForwards(0, 10);
    log.close();
    expect(events.map(({ streamName, type }) => [streamName, type])).toEqual([['$$$settings', '$metadata']]);
    expect(events[0]?.position).toBeGreaterThan(0);
  });

  it('goes on where it ended', () => {
    const first = EventLog.open(file);
    append(first, 'order-1', 3);
    const { lastPosition } = first;
    first.close();
    const second = EventLog.open(file);
    expect(second.lastPosition).toBe(lastPosition);
    append(second, 'order-1');
    expect(second.stream('order-1').lastRevision).toBe(3);
    expect(second.lastPosition).toBeGreaterThan(lastPosition);
    second.close();
  });

  it('can become shorter, also when it was made before there was scavenging', () => {
    const older = new DatabaseSync(file);
    older.exec(`
      PRAGMA page_size = 8192;
      PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = 1;
      ${SCHEMA}`);
    older.close();
    const unconverted = new EventLog(new DatabaseSync(file));
    append(unconverted, 'order-1', 500);
    const events = unconverted.reader.allForwards(0, 256);
    unconverted.close();

    const log = EventLog.open(file);
    expect(log.stream('order-1').lastRevision).toBe(499);
    expect(log.reader.allForwards(0, 256)).toEqual(events);
    log.transaction(() => log.remover.remove({ streamId: 2, events: 400, lastRevision: 399 }));
    expect(log.remover.shrink(1000)).toBeGreaterThan(0);
    log.close();
  });

  it('is recovered from the journal a killed process left', () => {
    const killed = EventLog.open(file);
    append(killed, 'order-1', 3);
    const copy = join(folder, 'copy');
    copyFileSync(file, copy);
    copyFileSync(`${file}-wal`, `${copy}-wal`);
    killed.close();
    const recovered = EventLog.open(copy);
    expect(recovered.stream('order-1').lastRevision).toBe(2);
    recovered.close();
  });

  it('belongs to one process at a time', () => {
    const log = EventLog.open(file);
    expect(() => EventLog.open(file)).toThrow(/in use by another process/);
    log.close();
  });

  it('is refused, untouched, when it is no SQLite file', () => {
    writeFileSync(file, 'Dear diary, '.repeat(50));
    expectRefused(/does not begin like a SQLite file/);
  });

  it('is refused, untouched, when it is another application’s', () => {
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE event (x)');
    other.close();
    expectRefused(/another application/);
  });

  it('is refused, untouched, when its format is another', () => {
    EventLog.open(file).close();
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 2');
    newer.close();
    expectRefused(/has format 2, this program reads format 1/);
  });

  it('is refused, untouched, when part of it is missing', () => {
    EventLog.open(file).close();
    truncateSync(file, 20_000);
    expectRefused(/is damaged: 20000 bytes of/);
  });

  it('is refused, untouched, when what starting needs is overwritten', () => {
    const log = EventLog.open(file);
    append(log, 'order-1', 100);
    log.close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 8192));
    expectRefused(/cannot be opened: .*malformed.* restore a backup/);
  });

  it('is refused, untouched, when it is damaged and has a journal', () => {
    const killed = EventLog.open(file);
    append(killed, 'order-1', 300);
    killed.close();
    const reopened = EventLog.open(file);
    append(reopened, 'order-1', 3);
    const [bytes, journal] = [readFileSync(file), readFileSync(`${file}-wal`)];
    reopened.close();
    writeFileSync(file, bytes.fill(0xff, 8192));
    writeFileSync(`${file}-wal`, journal);
    expectRefused(/cannot be opened/);
  });

  it('is refused, untouched, when it is another application’s and has a journal', () => {
    const other = new DatabaseSync(file);
    other.exec('PRAGMA journal_mode = WAL; CREATE TABLE event (x); INSERT INTO event VALUES (1)');
    const [bytes, journal] = [readFileSync(file), readFileSync(`${file}-wal`)];
    other.close();
    writeFileSync(file, bytes);
    writeFileSync(`${file}-wal`, journal);
    expectRefused(/another application|is no event store/);
  });

  it('is refused when the path is a folder', () => {
    file = folder;
    expect(() => EventLog.open(file)).toThrow(EventFileError);
  });
});
