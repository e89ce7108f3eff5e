import type { Figure, Floor } from '../figure.js';
import { distributionOf, median } from '../statistics/distribution.js';
import type { LoopResult } from './closed-loop.js';

/** The same load some times over, on what is measured and on its floor by turns, so that both see the same machine. */
export type Rounds = { measured: readonly LoopResult[]; floor: readonly LoopResult[] };

export const takeRounds = async (
  count: number,
  measured: () => Promise<LoopResult>,
  floor: () => Promise<LoopResult>,
): Promise<Rounds> => {
  const rounds = { measured: [] as LoopResult[], floor: [] as LoopResult[] };
  for (let round = 0; round < count; round++) {
    rounds.measured.push(await measured());
    rounds.floor.push(await floor());
  }
  return rounds;
};

const ratesOf = (results: readonly LoopResult[]) =>
  results.map(({ latencies, seconds }) => latencies.length / seconds);

const latenciesOf = (results: readonly LoopResult[]) => results.flatMap(({ latencies }) => [...latencies]);

/** Median of the rounds. */
export const rateFigure = (what: string, floorIs: string, rounds: Rounds, limit?: number): Figure => {
  const rates = ratesOf(rounds.measured);
  return {
    what,
    value: median(rates),
    unit: '/s',
    floor: { what: floorIs, value: median(ratesOf(rounds.floor)) },
    rounds: rates,
    ...(limit === undefined ? {} : { limit }),
  };
};

/** Of the samples of all rounds. A 99th percentile is left out where too few samples lie above it. */
export const latencyFigures = (
  what: string,
  floorIs: string,
  rounds: Rounds,
  limits: { p50?: number; p99?: number } = {},
): Figure[] => {
  const [spread, floor] = [
    distributionOf(latenciesOf(rounds.measured)),
    distributionOf(latenciesOf(rounds.floor)),
  ];
  const figure = (percentile: 'p50' | 'p99'): Figure => ({
    what: `${what}, ${percentile}`,
    value: spread[percentile],
    unit: 'ms',
    floor: { what: floorIs, value: floor[percentile] } satisfies Floor,
    ...(percentile === 'p50' ? { spread } : {}),
    ...(limits[percentile] === undefined ? {} : { limit: limits[percentile] }),
  });
  return spread.count < 200 ? [figure('p50')] : [figure('p50'), figure('p99')];
};
