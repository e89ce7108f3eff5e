import type { RecordedEvent } from '../log/recorded-event.js';
import { RecentEvents } from './recent-events.js';

const event = (position: number, bytes = 1): RecordedEvent => ({
  position,
  streamName: 's-1',
  revision: position,
  id: new Uint8Array(16),
  type: 'Happened',
  created: 0,
  isJson: false,
  data: new Uint8Array(bytes),
  metadata: new Uint8Array(),
});

const positions = (events: readonly RecordedEvent[] | undefined): number[] | undefined =>
  events?.map(({ position }) => position);

describe('RecentEvents', () => {
  it('gives what came after a position', () => {
    const recent = new RecentEvents(100);
    recent.add([event(110), event(120), event(130)]);
    expect(positions(recent.after(100))).toEqual([110, 120, 130]);
    expect(positions(recent.after(120))).toEqual([130]);
    expect(positions(recent.after(125))).toEqual([130]);
    expect(positions(recent.after(130))).toEqual([]);
  });
  it('says so when it cannot know of every event', () =>
    expect(new RecentEvents(100).after(99)).toBeUndefined());
  it('keeps no more than the last 1024 events', () => {
    const recent = new RecentEvents(0);
    recent.add(Array.from({ length: 1100 }, (_, index) => event(index + 1)));
    expect(recent.after(75)).toBeUndefined();
    expect(recent.after(76)).toHaveLength(1024);
  });
  it('keeps no more than 4 MiB', () => {
    const recent = new RecentEvents(0);
    recent.add([1, 2, 3, 4, 5].map((position) => event(position, 1024 * 1024)));
    expect(recent.after(0)).toBeUndefined();
    expect(positions(recent.after(1))).toEqual([2, 3, 4, 5]);
  });
});
