import type { DatabaseSync } from 'node:sqlite';
import { newEventId } from '../log/event-id.js';
import { EventLog } from '../storage/event-log.js';
import { IN_MEMORY, openEventFile } from '../storage/open-event-file.js';
import { type CommittedGroup, WriteQueue } from './write-queue.js';
import type { WriteOutcome, WriteRequest } from './write-request.js';

interface Fixture {
  readonly database: DatabaseSync;
  readonly log: EventLog;
  readonly queue: WriteQueue;
  readonly groups: CommittedGroup[];
  readonly failures: Array<{ error: Error; lasting: boolean }>;
}

const NOW = Date.parse('2026-01-01T00:00:00Z');

const given = (): Fixture => {
  const database = openEventFile(IN_MEMORY);
  const log = new EventLog(database, () => NOW);
  const groups: CommittedGroup[] = [];
  const failures: Fixture['failures'] = [];
  const queue = new WriteQueue(log, {
    committed: (group) => groups.push(group),
    failed: (error, lasting) => failures.push({ error, lasting }),
  });
  return { database, log, queue, groups, failures };
};

const append = (
  streamName: string,
  options: { bytes?: number; deadline?: number; events?: number } = {},
): WriteRequest => ({
  kind: 'append',
  streamName,
  expected: 'any',
  ...(options.deadline !== undefined && { deadline: options.deadline }),
  events: Array.from({ length: options.events ?? 1 }, () => ({
    id: newEventId(),
    type: 'Happened',
    isJson: true,
    data: Buffer.alloc(options.bytes ?? 2, 'x'),
    metadata: new Uint8Array(),
  })),
});

const revisions = (outcomes: readonly WriteOutcome[]): Array<number | undefined> =>
  outcomes.map((outcome) => (outcome.outcome === 'success' ? outcome.revision : undefined));

describe('WriteQueue', () => {
  it('writes what waits together in one group, each decided on what came before it', async () => {
    const { queue, groups } = given();
    const outcomes = await Promise.all([
      queue.submit({ ...append('order-1'), expected: 'no_stream' }),
      queue.submit({ ...append('order-1'), expected: 0n }),
      queue.submit({ ...append('order-1'), expected: 0n }),
      queue.submit(append('order-2')),
    ]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual([
      'success',
      'success',
      'wrong-expected-version',
      'success',
    ]);
    expect(revisions(outcomes)).toEqual([0, 1, undefined, 0]);
    expect(groups.map(({ requests, events }) => [requests, events.length])).toEqual([[4, 3]]);
  });

  it('gives positions that rise in the order of commits', async () => {
    const { queue, groups } = given();
    await Promise.all([queue.submit(append('a', { events: 3 })), queue.submit(append('b'))]);
    await queue.submit(append('a'));
    const positions = groups.flatMap(({ events }) => events.map(({ position }) => position));
    expect(positions).toHaveLength(5);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
  });

  it('writes nothing for a request past its deadline', async () => {
    const { queue, log } = given();
    await expect(queue.submit(append('late', { deadline: NOW }))).resolves.toEqual({ outcome: 'timeout' });
    expect(log.stream('late').streamId).toBeUndefined();
  });

  it('splits what is too much for one transaction', async () => {
    const { queue, groups } = given();
    const large = Array.from({ length: 10 }, (_, index) => append(`large-${index}`, { bytes: 1_000_000 }));
    await Promise.all(large.map((request) => queue.submit(request)));
    expect(groups.map(({ requests }) => requests)).toEqual([9, 1]);
  });

  it('tells the writers when the disk is full, keeps nothing of the group, and goes on when there is room', async () => {
    const { database, log, queue, groups, failures } = given();
    await queue.submit(append('order-1'));
    const { position } = groups[0]?.events[0] ?? {};
    database.exec('PRAGMA max_page_count = 20');

    const outcomes = await Promise.all([
      queue.submit(append('order-1')),
      queue.submit(append('x', { bytes: 900_000 })),
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
    expect(failures.map(({ lasting }) => lasting)).toEqual([false]);
    expect(log.lastPosition).toBe(position);
    expect(log.stream('order-1').lastRevision).toBe(0);
    expect(log.stream('x').streamId).toBeUndefined();

    database.exec('PRAGMA max_page_count = 100000');
    expect(revisions([await queue.submit(append('order-1')), await queue.submit(append('x'))])).toEqual([
      1, 0,
    ]);
  });

  it('refuses everything once a write left the file in doubt', async () => {
    const { log, queue, failures } = given();
    const inputOutputError = Object.assign(new Error('disk I/O error'), { errcode: 10 | (4 << 8) });
    log.transaction = () => {
      throw inputOutputError;
    };
    await queue.submit(append('a'));
    Reflect.deleteProperty(log, 'transaction');
    await expect(queue.submit(append('a'))).resolves.toMatchObject({ outcome: 'failed' });
    expect(failures).toEqual([{ error: inputOutputError, lasting: true }]);
  });
});
