import { beforeEach, describe, expect, it } from '@jest/globals';
import { Progress } from './progress.js';

const HOUR = 3_600;

describe('how far rows are behind the log', () => {
  let clock: number;
  let progress: Progress;
  /** Seconds. */
  const pass = (seconds: number) => {
    clock += seconds * 1000;
  };
  const ago = (seconds: number) => new Date(clock - seconds * 1000);
  const lag = () => progress.lagSeconds('fleet');

  beforeEach(() => {
    clock = Date.UTC(2026, 0, 1);
    progress = new Progress(['fleet'], () => clock);
  });

  it('counts from the start while nothing is known', () => {
    pass(5);
    progress.interrupted(new Error('refused'));
    pass(5);
    expect(lag()).toBe(10);
  });

  it('counts from when the rows were saved, where there are some', () => {
    progress.resumed('fleet', 7n, ago(HOUR));
    pass(5);
    expect(lag()).toBe(HOUR + 5);
    progress.resumed('fleet', 7n, ago(HOUR + 5));
    expect(lag()).toBe(HOUR + 5);
  });

  it('is the age of the newest fact in the rows while they catch up, and then nothing', () => {
    progress.resumed('fleet', -1n, ago(0));
    progress.began('fleet', ago(50 * HOUR));
    progress.reached('fleet', 10n, ago(40 * HOUR));
    expect(lag()).toBe(40 * HOUR);
    progress.reached('fleet', 20n, ago(3));
    expect(lag()).toBe(3);
    progress.caughtUp();
    pass(HOUR);
    expect(lag()).toBe(0);
  });

  it('is the age of the oldest fact that waits to be saved', () => {
    progress.caughtUp();
    pass(60);
    progress.began('fleet', ago(2));
    pass(5);
    expect(lag()).toBe(7);
    progress.reached('fleet', 30n, ago(6));
    expect(lag()).toBe(0);
  });

  it('grows while the log cannot be followed, and until it has been caught up with again', () => {
    progress.caughtUp();
    pass(60);
    progress.interrupted(new Error('gone'));
    expect(lag()).toBe(0);
    pass(30);
    progress.interrupted(new Error('still gone'));
    pass(30);
    expect(lag()).toBe(60);
    progress.began('fleet', ago(40));
    progress.carriesOn();
    progress.reached('fleet', 40n, ago(20));
    expect(lag()).toBe(20);
    progress.caughtUp();
    expect(lag()).toBe(0);
  });

  it('grows for good once the projection has stopped', () => {
    progress.caughtUp();
    pass(60);
    progress.began('fleet', ago(1));
    progress.stopped('fleet', 'a fact it cannot handle');
    progress.caughtUp();
    pass(60);
    expect(lag()).toBe(61);
  });
});

describe('what administrators are told of projections', () => {
  const clock = Date.UTC(2026, 0, 1);
  const start = () => new Progress(['fleet', 'membership'], () => clock);
  const statusOf = (progress: Progress) => progress.stats().map(({ status }) => status);

  it('is where they are and how far behind', () => {
    const progress = start();
    progress.reached('fleet', 0n, new Date(clock - 2_500));
    expect(progress.stats()).toEqual([
      { name: 'fleet', status: 'catching-up', position: '0', lagSeconds: 2.5 },
      { name: 'membership', status: 'catching-up', lagSeconds: 0 },
    ]);
    progress.caughtUp();
    expect(progress.stats()[0]).toEqual({ name: 'fleet', status: 'live', position: '0', lagSeconds: 0 });
  });

  it('is what is wrong, and that it is over', () => {
    const progress = start();
    progress.caughtUp();
    progress.interrupted(new Error('gone'));
    expect(progress.stats()).toMatchObject([
      { status: 'interrupted', detail: 'the log cannot be followed: gone' },
      { status: 'interrupted' },
    ]);
    progress.carriesOn();
    expect(statusOf(progress)).toEqual(['catching-up', 'catching-up']);
    progress.databaseFailed(new Error('disk full'));
    expect(progress.stats()[1]).toMatchObject({
      status: 'interrupted',
      detail: 'the rows cannot be saved: disk full',
    });
    progress.databaseAnswers();
    progress.caughtUp();
    expect(progress.stats()[1]).toEqual({ name: 'membership', status: 'live', lagSeconds: 0 });
  });

  it('is which one has stopped, while the others go on', () => {
    const progress = start();
    progress.stopped('fleet', 'a fact it cannot handle');
    progress.caughtUp();
    expect(statusOf(progress)).toEqual(['stopped', 'live']);
    expect(progress.stats()[0]).toMatchObject({ detail: 'a fact it cannot handle' });
  });
});

describe('the readiness of projections', () => {
  it('names what is wrong, and is back when facts come again', () => {
    const progress = new Progress(['fleet', 'membership']);
    expect(progress.health()).toEqual({ status: 'down', detail: 'catching up with the log' });
    progress.interrupted(new Error('refused'));
    expect(progress.health()).toEqual({ status: 'down', detail: 'the log cannot be followed: refused' });
    progress.caughtUp();
    expect(progress.health()).toEqual({ status: 'up' });
    progress.interrupted(new Error('gone'));
    progress.carriesOn();
    expect(progress.health()).toEqual({ status: 'up' });
    progress.databaseFailed(new Error('disk full'));
    expect(progress.health()).toEqual({ status: 'down', detail: 'the rows cannot be saved: disk full' });
    progress.databaseAnswers();
    expect(progress.health()).toEqual({ status: 'up' });
    progress.stopped('fleet', 'a fact it cannot handle');
    expect(progress.health()).toEqual({
      status: 'down',
      detail: 'fleet has stopped: a fact it cannot handle',
    });
  });
});
