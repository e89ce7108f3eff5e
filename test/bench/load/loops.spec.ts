import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { closedLoop } from './closed-loop.js';
import { openLoop } from './open-loop.js';

describe('a closed loop', () => {
  it('has so many calls in flight and no more, and takes the time of each', async () => {
    let [now, most] = [0, 0];
    const { latencies, seconds } = await closedLoop(
      { inFlight: 3, milliseconds: 60_000, calls: 12 },
      async () => {
        now += 1;
        most = Math.max(most, now);
        await sleep(5);
        now -= 1;
      },
    );
    expect({ most, calls: latencies.length }).toEqual({ most: 3, calls: 12 });
    expect(Math.min(...latencies)).toBeGreaterThan(3);
    expect(seconds).toBeGreaterThan(0.015);
  });

  it('ends when its time is up, and waits for what was begun', async () => {
    let done = 0;
    const { latencies } = await closedLoop({ inFlight: 2, milliseconds: 1 }, async () => {
      await sleep(10);
      done += 1;
    });
    expect(latencies.length).toBe(done);
  });

  it('fails with the first call that does', async () => {
    const failing = closedLoop({ inFlight: 2, milliseconds: 1_000 }, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
  });
});

describe('an open loop', () => {
  it('calls when a call is due, whether or not those before it were answered', async () => {
    const due: number[] = [];
    let [inFlight, most] = [0, 0];
    await openLoop([1, 2, 3, 4], 200, async (_, dueAt) => {
      due.push(dueAt);
      inFlight += 1;
      most = Math.max(most, inFlight);
      await sleep(60);
      inFlight -= 1;
    });
    const [first = 0] = due;
    expect(due.map((at) => Math.round(at - first))).toEqual([0, 5, 10, 15]);
    expect(most).toBeGreaterThan(1);
  });
});
