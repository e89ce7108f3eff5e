import { describe, expect, it } from '@jest/globals';
import { CallLimiter } from './call-limiter.js';
import type { CallPriority } from './github.port.js';

const never = new AbortController().signal;

/** Lets everything that is ready run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

const arrange = (places: number) => {
  const limiter = new CallLimiter(places);
  const running: string[] = [];
  const leaves = new Map<string, () => void>();
  return {
    running,
    enter: (name: string, priority: CallPriority, signal = never) =>
      limiter.enter(priority, signal).then((leave) => {
        running.push(name);
        leaves.set(name, leave);
      }),
    leave: async (name: string) => {
      leaves.get(name)?.();
      running.splice(running.indexOf(name), 1);
      await settled();
    },
  };
};

describe('CallLimiter', () => {
  it('lets in as many as there are places, then first come, first served', async () => {
    const { running, enter, leave } = arrange(2);
    for (const name of ['a', 'b', 'c', 'd']) enter(name, 'high');
    await settled();
    expect(running).toEqual(['a', 'b']);

    await leave('b');

    expect(running).toEqual(['a', 'c']);
  });

  it('lets high priority pass low priority that came earlier', async () => {
    const { running, enter, leave } = arrange(1);
    enter('a', 'high');
    enter('poll', 'low');
    enter('b', 'high');
    await settled();

    await leave('a');
    expect(running).toEqual(['b']);

    await leave('b');
    expect(running).toEqual(['poll']);
  });

  it('keeps half of the places free of low priority', async () => {
    const { running, enter } = arrange(4);
    for (const name of ['p1', 'p2', 'p3']) enter(name, 'low');
    await settled();
    expect(running).toEqual(['p1', 'p2']);

    enter('a', 'high');
    await settled();

    expect(running).toEqual(['p1', 'p2', 'a']);
  });

  it('forgets who gave up waiting', async () => {
    const { running, enter, leave } = arrange(1);
    const givingUp = new AbortController();
    enter('a', 'high');
    const impatient = enter('b', 'high', givingUp.signal);
    enter('c', 'high');

    givingUp.abort();

    await expect(impatient).rejects.toThrow('the deadline has passed');
    await leave('a');
    expect(running).toEqual(['c']);
  });

  it('does not let in who comes too late', async () => {
    const { enter } = arrange(1);

    await expect(enter('a', 'high', AbortSignal.abort())).rejects.toThrow('the deadline has passed');
  });
});
