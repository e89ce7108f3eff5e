import { beforeEach, expect, it } from '@jest/globals';
import type { FeedBatch } from './feed-batch.js';
import { RecentBatches } from './recent-batches.js';

const batch = (upTo: bigint): FeedBatch => ({ upTo, events: async () => [] });

let recent: RecentBatches;
beforeEach(() => {
  recent = new RecentBatches(10);
  recent.beginAt(100n);
  recent.add(batch(110n), 3);
  recent.add(batch(120n), 3);
});

it('gives one batch after the other, and nothing at the end', () => {
  expect(recent.from).toBe(100n);
  expect(recent.after(100n)?.upTo).toBe(110n);
  expect(recent.after(105n)?.upTo).toBe(110n);
  expect(recent.after(110n)?.upTo).toBe(120n);
  expect(recent.after(120n)).toBeUndefined();
  expect(recent.after(500n)).toBeUndefined();
});

it('forgets the oldest batches once it holds too much, and says from where on it is without gaps', () => {
  recent.add(batch(130n), 5);
  expect(recent.from).toBe(110n);
  expect(recent.after(110n)?.upTo).toBe(120n);
  recent.add(batch(140n), 11);
  expect([recent.from, recent.after(recent.from)]).toEqual([140n, undefined]);
});

it('goes on past what holds nothing to tell', () => {
  recent.add(batch(150n), 0);
  expect(recent.upTo).toBe(150n);
  recent.add(batch(160n), 1);
  expect(recent.after(120n)?.upTo).toBe(160n);
});

it('holds nothing from before a gap', () => {
  recent.beginAt(300n);
  expect([recent.from, recent.upTo, recent.after(300n)]).toEqual([300n, 300n, undefined]);
  recent.add(batch(310n), 1);
  expect(recent.after(300n)?.upTo).toBe(310n);
});
