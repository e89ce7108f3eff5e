import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyWrite } from '../appending/apply-write.js';
import type { ExpectedRevision } from '../appending/expected-revision.js';
import type { WriteOutcome, WriteRequest } from '../appending/write-request.js';
import { newEventId } from '../log/event-id.js';
import type { ProposedEvent, RecordedEvent } from '../log/recorded-event.js';
import { TOMBSTONE_REVISION } from '../log/revision.js';
import { metastreamOf } from '../log/system-names.js';
import type { AllSubscription } from '../reading/read-query.js';
import type { ReadSink } from '../reading/read-sink.js';
import { readStream } from '../reading/read-stream.js';
import { EventLog } from '../storage/event-log.js';
import { LiveLog } from '../subscriptions/live-log.js';
import { subscribeToAll } from '../subscriptions/subscribe-to-all.js';
import { type ScavengeResult, Scavenger } from './scavenger.js';

const SECOND = 1000;

let folder: string;
let file: string;
let log: EventLog;
let now: number;
let failures: Error[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scavenger-'));
  file = join(folder, 'events.sqlite');
  now = Date.UTC(2026, 0, 1);
  log = EventLog.open(file, () => now);
  failures = [];
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const scavenger = (): Scavenger =>
  new Scavenger(log, {
    scavenged: () => undefined,
    scavengeFailed: (error) => failures.push(error),
  });

const scavenge = async (): Promise<ScavengeResult> => {
  const result = await scavenger().scavenge();
  if (result === undefined) throw new Error(`It failed: ${failures.join(', ')}`);
  return result;
};

/** Without waiting for the disk, of which these tests ask nothing. */
const write = (request: WriteRequest): WriteOutcome =>
  log.withoutSync(() => log.transaction(() => applyWrite(log, request)).outcome);

const event = (data = '{}'): ProposedEvent => ({
  id: newEventId(),
  type: 'Happened',
  isJson: true,
  data: Buffer.from(data),
  metadata: new Uint8Array(),
});

const batch = (count: number, bytes = 2): ProposedEvent[] =>
  Array.from({ length: count }, () => event('x'.repeat(bytes)));

const append = (
  streamName: string,
  events: readonly ProposedEvent[],
  expected: ExpectedRevision = 'any',
): WriteOutcome => write({ kind: 'append', streamName, expected, events });

const describeBy = (streamName: string, metadata: object): WriteOutcome =>
  append(metastreamOf(streamName), [{ ...event(JSON.stringify(metadata)), type: '$metadata' }]);

const remove = (kind: 'delete' | 'tombstone', streamName: string): WriteOutcome =>
  write({ kind, streamName, expected: 'any' });

/** Revisions in the file, whatever readers are shown. */
const stored = (streamName: string): number[] => {
  const revisions: number[] = [];
  for (let page = log.reader.allForwards(0, 256); page.length > 0; ) {
    revisions.push(...page.filter((one) => one.streamName === streamName).map(({ revision }) => revision));
    page = log.reader.allForwards(page.at(-1)?.position ?? Number.MAX_SAFE_INTEGER, 256);
  }
  return revisions;
};

class Collector implements ReadSink {
  readonly #shown: RecordedEvent[] = [];
  readonly #over = new AbortController();
  readonly signal = this.#over.signal;

  constructor(private readonly each: () => Promise<void> | undefined = () => undefined) {}

  event({ event }: Parameters<ReadSink['event']>[0]): Promise<void> | undefined {
    if (event !== undefined) this.#shown.push(event);
    return this.each();
  }

  shown(streamName: string): number[] {
    return this.#shown.filter((one) => one.streamName === streamName).map(({ revision }) => revision);
  }

  streamNotFound = (): undefined => undefined;
  firstStreamPosition = (): undefined => undefined;
  lastStreamPosition = (): undefined => undefined;
  confirmation = (): undefined => undefined;
  checkpoint = (): undefined => undefined;
  caughtUp(): undefined {
    this.#over.abort();
  }
}

const visible = async (streamName: string): Promise<number[]> => {
  const sink = new Collector();
  const from = {
    from: 'start',
    direction: 'forwards',
    count: 10_000,
    resolveLinks: false,
    withBounds: false,
  } as const;
  await readStream(log, { kind: 'stream-read', streamName, ...from }, sink);
  return sink.shown(streamName);
};

describe('scavenging', () => {
  it('removes what $maxCount hides', async () => {
    append('order-1', batch(1000));
    describeBy('order-1', { $maxCount: 3 });
    expect(await scavenge()).toMatchObject({ removedEvents: 997 });
    expect(stored('order-1')).toEqual([997, 998, 999]);
    expect(await visible('order-1')).toEqual([997, 998, 999]);
  });

  it('removes what $tb hides', async () => {
    append('order-1', batch(5));
    describeBy('order-1', { $tb: 3 });
    await scavenge();
    expect(stored('order-1')).toEqual([3, 4]);
  });

  it('removes what $maxAge hides, but keeps the last event', async () => {
    append('order-1', batch(3));
    describeBy('order-1', { $maxAge: 60 });
    now += 30 * SECOND;
    append('order-1', batch(2));
    await scavenge();
    expect(stored('order-1')).toEqual([0, 1, 2, 3, 4]);
    now += 31 * SECOND;
    await scavenge();
    expect(stored('order-1')).toEqual([3, 4]);
    now += 60 * SECOND;
    await scavenge();
    expect(stored('order-1')).toEqual([4]);
    expect(await visible('order-1')).toEqual([]);
    expect(append('order-1', batch(1), 4n)).toMatchObject({ outcome: 'success', revision: 5 });
    expect(await visible('order-1')).toEqual([5]);
  });

  it('keeps the last event although everything is truncated', async () => {
    append('order-1', batch(5));
    describeBy('order-1', { $tb: 100 });
    await scavenge();
    expect(stored('order-1')).toEqual([4]);
    expect(append('order-1', batch(1), 4n)).toMatchObject({ revision: 5 });
  });

  it('leaves of a metastream its last event', async () => {
    for (let turn = 0; turn < 5; turn += 1) describeBy('order-1', { $maxCount: 10 + turn });
    await scavenge();
    expect(stored('$$order-1')).toEqual([4]);
    expect(log.stream('order-1').metadata).toEqual({ maxCount: 14 });
    expect(describeBy('order-1', { $maxCount: 1 })).toMatchObject({ revision: 5 });
  });

  it('leaves of a tombstoned stream its tombstone and its newest metadata', async () => {
    append('order-1', batch(3));
    describeBy('order-1', { $maxCount: 2 });
    describeBy('order-1', { $maxCount: 1 });
    remove('tombstone', 'order-1');
    await scavenge();
    expect(stored('order-1')).toEqual([TOMBSTONE_REVISION]);
    expect(stored('$$order-1')).toEqual([1]);
    expect(append('order-1', batch(1))).toEqual({ outcome: 'stream-deleted' });
    expect(describeBy('order-1', {})).toEqual({ outcome: 'stream-deleted' });
  });

  it.each<[ExpectedRevision]>([['any'], ['no_stream'], [2n]])(
    'lets an append expecting %s reopen a soft-deleted stream behind its last revision',
    async (expected) => {
      append('order-1', batch(3));
      remove('delete', 'order-1');
      await scavenge();
      expect(stored('order-1')).toEqual([2]);
      log.close();
      log = EventLog.open(file, () => now);
      expect(append('order-1', batch(2), expected)).toMatchObject({ outcome: 'success', revision: 4 });
      expect(await visible('order-1')).toEqual([3, 4]);
      await scavenge();
      expect(stored('order-1')).toEqual([3, 4]);
    },
  );

  it('leaves alone what no metadata speaks of', async () => {
    append('order-1', batch(5));
    append('order-2', batch(5));
    describeBy('order-2', { owner: 'me' });
    expect(await scavenge()).toEqual({ removedEvents: 0, reclaimedBytes: 0, duration: expect.any(Number) });
    expect(stored('order-1')).toHaveLength(5);
    expect(stored('order-2')).toHaveLength(5);
  });

  it('goes through more streams than it looks at in one go', async () => {
    for (let stream = 0; stream < 600; stream += 1) {
      append(`order-${stream}`, batch(3));
      if (stream % 2 === 0) describeBy(`order-${stream}`, { $maxCount: 1 });
    }
    expect(await scavenge()).toMatchObject({ removedEvents: 600 });
    expect(stored('order-598')).toEqual([2]);
    expect(stored('order-599')).toEqual([0, 1, 2]);
  });

  it('forgets the ids of what it removed, and knows those of what it left', async () => {
    const [old, kept] = [batch(2), batch(2)];
    append('order-1', old);
    append('order-1', kept);
    describeBy('order-1', { $maxCount: 2 });
    await scavenge();
    expect(append('order-1', kept, 1n)).toMatchObject({ outcome: 'success', revision: 3 });
    expect(append('order-1', kept, 'any')).toMatchObject({ outcome: 'success', revision: 3 });
    expect(append('order-1', old, 'no_stream')).toMatchObject({
      outcome: 'wrong-expected-version',
      current: 3,
    });
    expect(append('order-1', old, 'any')).toMatchObject({ outcome: 'success', revision: 5 });
  });

  it('numbers positions on as if nothing had been removed', async () => {
    append('order-1', batch(50));
    remove('tombstone', 'order-1');
    const { lastPosition } = log;
    await scavenge();
    log.close();
    log = EventLog.open(file, () => now);
    expect(log.lastPosition).toBe(lastPosition);
    append('order-2', batch(1));
    expect(log.lastPosition).toBeGreaterThan(lastPosition);
  });

  it('makes the file shorter', async () => {
    append('order-1', batch(100, 50_000));
    append('order-2', batch(1000, 500));
    describeBy('order-1', { $maxCount: 1 });
    log.close();
    const before = statSync(file).size;
    log = EventLog.open(file, () => now);
    const { reclaimedBytes } = await scavenge();
    expect(reclaimedBytes).toBeGreaterThan(90 * 50_000);
    log.close();
    expect(statSync(file).size).toBe(before - reclaimedBytes);
    log = EventLog.open(file, () => now);
    expect(stored('order-2')).toHaveLength(1000);
  });

  it('runs once for all who ask at the same time', async () => {
    append('order-1', batch(3));
    describeBy('order-1', { $maxCount: 1 });
    const one = scavenger();
    const [first, second] = await Promise.all([one.scavenge(), one.scavenge()]);
    expect(first).toBe(second);
    expect(await one.scavenge()).toMatchObject({ removedEvents: 0 });
  });

  it('lets appends in between, and keeps what they bring', async () => {
    append('order-1', batch(5000));
    describeBy('order-1', { $maxCount: 10 });
    const running = scavenger().scavenge();
    let appended = 0;
    let over = false;
    running.then(() => {
      over = true;
    });
    while (!over) {
      append('order-1', batch(1));
      appended += 1;
      await new Promise(setImmediate);
    }
    expect(appended).toBeGreaterThan(20);
    const visibleNow = await visible('order-1');
    expect(visibleNow).toEqual(Array.from({ length: 10 }, (_, n) => 4990 + appended + n));
  });

  it('stops between two chunks, and the next run does the rest', async () => {
    append('order-1', batch(2000));
    describeBy('order-1', { $maxCount: 1 });
    const one = scavenger();
    const running = one.scavenge();
    await one.stop();
    expect(await running).toBeUndefined();
    expect(failures).toEqual([]);
    expect(stored('order-1').length).toBeGreaterThan(1);
    await scavenge();
    expect(stored('order-1')).toEqual([1999]);
  });

  it('tells of a failure', async () => {
    append('order-1', batch(3));
    describeBy('order-1', { $maxCount: 1 });
    const one = scavenger();
    const running = one.scavenge();
    log.close();
    expect(await running).toBeUndefined();
    expect(failures.map(({ message }) => message)).toEqual([expect.stringMatching(/not open|finalized/)]);
    log = EventLog.open(file, () => now);
  });

  const ORDERS = { on: 'stream-name', regex: '', prefixes: ['order-'], checkpointInterval: 32 } as const;

  it.each<[string, AllSubscription]>([
    ['with', { kind: 'all-subscription', from: 'start', resolveLinks: false, filter: ORDERS }],
    ['without', { kind: 'all-subscription', from: 'start', resolveLinks: false }],
  ])('takes nothing from a subscriber %s a filter but what is hidden', async (_name, subscription) => {
    for (let turn = 0; turn < 300; turn += 1) {
      append('order-kept', batch(1));
      append('order-pruned', batch(1));
    }
    describeBy('order-pruned', { $maxCount: 5 });
    // A slow reader: the page it is in was read before the scavenge and is delivered after it.
    let seen = 0;
    const sink = new Collector(async () => {
      seen += 1;
      if (seen === 10) await scavenge();
    });
    await subscribeToAll(new LiveLog(log), subscription, sink);
    const everyRevision = Array.from({ length: 300 }, (_, revision) => revision);
    expect(sink.shown('order-kept')).toEqual(everyRevision);
    expect(sink.shown('order-pruned').slice(-5)).toEqual(everyRevision.slice(-5));
    expect(sink.shown('order-pruned').length).toBeLessThan(200);
    expect(failures).toEqual([]);
  });
});
