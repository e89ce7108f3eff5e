import { CheckpointCounter } from './checkpoint-counter.js';

describe('CheckpointCounter', () => {
  it('owes a checkpoint after every interval of considered events', () => {
    const counter = new CheckpointCounter(3, 0);
    expect([10, 20, 30, 40, 50, 60, 70].map((position) => counter.consider(position))).toEqual([
      undefined,
      undefined,
      30,
      undefined,
      undefined,
      60,
      undefined,
    ]);
  });
  it('owes one at the end of catching up for what came since the last', () => {
    const counter = new CheckpointCounter(3, 0);
    counter.consider(10);
    expect(counter.atEnd()).toBe(10);
  });
  it('never repeats one', () => {
    const counter = new CheckpointCounter(1, 0);
    counter.consider(10);
    expect(counter.atEnd()).toBeUndefined();
  });
  it('owes none at the end when nothing was considered', () =>
    expect(new CheckpointCounter(3, 50).atEnd()).toBeUndefined());
});
