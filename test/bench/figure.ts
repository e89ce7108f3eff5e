import type { Distribution } from './statistics/distribution.js';

/** `/s` is a rate: the more the better. Of all others: the less the better. */
export type Unit = '/s' | 'ms' | 's' | 'MiB' | '%';

/** What something was measured against, in the same run. */
export type Floor = { what: string; value: number };

/** One thing that was measured. */
export type Figure = {
  what: string;
  value: number;
  unit: Unit;
  /** The least that the same work can cost here, measured with the same load and as many processes. */
  floor?: Floor;
  /** What is demanded: at least so much of a rate, at most so much of anything else. */
  limit?: number;
  /** Of the samples behind the value. */
  spread?: Distribution;
  /** The value of each round, where `value` is their median. */
  rounds?: readonly number[];
};

const isRate = ({ unit }: Figure): boolean => unit === '/s';

/** How many times worse than its floor; below 1 = better, as when one sync serves many appends. */
export const ratioOf = (figure: Figure): number | undefined => {
  const { value, floor } = figure;
  if (floor === undefined) return undefined;
  return isRate(figure) ? floor.value / value : value / floor.value;
};

/** Undefined where nothing is demanded. */
export const holds = (figure: Figure): boolean | undefined => {
  const { value, limit } = figure;
  if (limit === undefined) return undefined;
  return isRate(figure) ? value >= limit : value <= limit;
};
