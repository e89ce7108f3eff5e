import { expect, it } from '@jest/globals';
import { PollingCredit } from './polling-credit.js';

const start = () => {
  let now = 0;
  const credit = new PollingCredit(() => now);
  return {
    credit,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    spendAll: () => {
      const available = credit.available();
      for (let times = 0; times < available; times += 1) credit.spent();
      return available;
    },
  };
};

it('watches a few runners closely', () => {
  const { credit, pass, spendAll } = start();
  credit.provisioned(5);
  expect(spendAll()).toBe(12);
  expect(credit.available()).toBe(0);
  pass(10);
  expect(credit.available()).toBe(5);
});

it('looks every ten seconds at a fleet of hundreds', () => {
  const { credit, pass, spendAll } = start();
  credit.provisioned(300);
  spendAll();
  pass(10);
  expect(credit.available()).toBe(1);
});

it('is no more than a hoard', () => {
  const { credit, pass } = start();
  pass(3_600);
  expect(credit.available()).toBe(30);
});

it('does not let full looks starve the watch for ever', () => {
  const { credit, pass } = start();
  for (let requests = 0; requests < 500; requests += 1) credit.spent();
  expect(credit.available()).toBe(0);
  pass(30);
  expect(credit.available()).toBe(5);
});

it.each([60, 300])(
  'spends less than a twentieth of a request per runner of a thousand within %d s',
  (seconds) => {
    const { credit, pass, spendAll } = start();
    let spent = 0;
    for (let second = 0; second < seconds; second += 1) {
      credit.provisioned(1_000 / seconds);
      pass(1);
      spent += spendAll();
    }
    expect(spent).toBeLessThan(45);
  },
);
