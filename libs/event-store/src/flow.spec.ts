import { describe, expect, it } from '@jest/globals';
import { Flow } from './flow.js';

describe('a flow of facts', () => {
  const clock = { now: 0 };
  const flow = () => new Flow(() => clock.now);

  it('gathers the facts of one command', () => expect(flow().restMs()).toBe(15));

  it('makes those wait longer that come right after others', () => {
    const busy = flow();
    busy.handled();
    clock.now += 10;
    expect(busy.restMs()).toBe(40);
  });

  it('is over after a while', () => {
    const busy = flow();
    busy.handled();
    clock.now += 80;
    expect(busy.restMs()).toBe(15);
  });
});
