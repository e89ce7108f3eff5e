import { Histogram, register } from 'prom-client';

const NAME = 'rts_github_call_seconds';

/** Calls to GitHub by operation and status, for the metrics. */
export const githubCalls = () => {
  const existing = register.getSingleMetric(NAME) as Histogram<'operation' | 'status'> | undefined;
  const histogram =
    existing ??
    new Histogram({
      name: NAME,
      help: 'Calls to GitHub',
      labelNames: ['operation', 'status'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    });
  return ({
    operation,
    status,
    seconds,
  }: {
    operation: string;
    status: number | string;
    seconds: number;
  }) => {
    histogram.observe({ operation, status: String(status) }, seconds);
  };
};
