import { describe, expect, it } from '@jest/globals';
import { Flow } from './flow.js';

describe('a flow of facts', () => {
  const clock = { now: 0 };
  const flow = () => new Flow(() => clock.now);

  it('lets a single fact through at once', () => expect(flow().restMs()).toBe(0));

  it('makes those rest that come right after another', () => {
    const busy = flow();
    busy.handled();
    clock.now += 10;
    expect(busy.restMs()).toBe(40);
  });

  it('is over after a while', () => {
    const busy = flow();
    busy.handled();
    clock.now += 80;
    expect(busy.restMs()).toBe(0);
  });
});
