import type { Figure } from '../figure.js';
import { distributionOf } from '../statistics/distribution.js';
import type { Observed } from './tell-and-watch.js';

const FLOOR = 'one process that keeps in memory what the same deliveries say, looked at in the same way';
const P99_AT_MOST_MS = 500;

/** @param bare the same, seen at the floor */
export const figuresOf = (ours: Observed, bare: Observed): Figure[] => {
  const figure = (
    what: string,
    samples: readonly number[],
    floor: readonly number[],
    percentile: 'p50' | 'p99',
    limit?: number,
  ) => {
    const spread = distributionOf(samples);
    return {
      what: `${what}, ${percentile}`,
      value: spread[percentile],
      unit: 'ms' as const,
      floor: { what: FLOOR, value: distributionOf(floor)[percentile] },
      ...(percentile === 'p50' ? { spread } : {}),
      ...(limit === undefined ? {} : { limit }),
    };
  };
  const refused = (100 * ours.refused) / ours.told.length;
  return [
    figure('hook → visible change', ours.delays, bare.delays, 'p50'),
    figure('hook → visible change', ours.delays, bare.delays, 'p99', P99_AT_MOST_MS),
    { what: 'hooks that were not accepted', value: refused, unit: '%', limit: 0 },
    figure('hook → 202', ours.answers, bare.answers, 'p50'),
    figure('hook → 202', ours.answers, bare.answers, 'p99'),
    {
      what: 'last hook → everything visible',
      value: ours.workedOffMs,
      unit: 'ms',
      floor: { what: FLOOR, value: bare.workedOffMs },
    },
  ];
};
