/** How a set of samples lies; in the unit of the samples. */
export type Distribution = { count: number; p50: number; p95: number; p99: number; max: number };

/** @throws RangeError when there is no sample: a figure without one would be made up */
export const distributionOf = (samples: Iterable<number>): Distribution => {
  const sorted = Float64Array.from(samples).sort();
  if (sorted.length === 0) throw new RangeError('there are no samples');
  return {
    count: sorted.length,
    p50: percentile(sorted, 50),
    p95: percentile(sorted, 95),
    p99: percentile(sorted, 99),
    max: percentile(sorted, 100),
  };
};

/** The smallest sample that at least `percent` of all are not above (nearest rank): always one that was seen. */
const percentile = (sorted: Float64Array, percent: number): number =>
  sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;

/** Of an even number of values the mean of the two in the middle. */
export const median = (values: readonly number[]): number => {
  const sorted = Float64Array.from(values).sort();
  if (sorted.length === 0) throw new RangeError('there are no values');
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
};
