import { Counter, Registry } from 'prom-client';

/** How often each operation was called and how it was answered; `timeout` for calls left unanswered. */
export type CallCounts = Record<string, { total: number; by_status: Record<string, number> }>;

/** Counts calls, for `/metrics` and for tests that want to know what GitHub was asked. */
export class CallLog {
  readonly registry = new Registry();
  private readonly counter = new Counter({
    name: 'simulator_calls_total',
    help: 'Calls to the simulated GitHub by operation and status',
    labelNames: ['operation', 'status'],
    registers: [this.registry],
  });
  private calls: CallCounts = {};

  record(operation: string, status: number | 'timeout'): void {
    this.counter.inc({ operation, status: String(status) });
    const counts = this.calls[operation] ?? { total: 0, by_status: {} };
    this.calls[operation] = counts;
    counts.total += 1;
    counts.by_status[status] = (counts.by_status[status] ?? 0) + 1;
  }

  /** Since the start or the last reset. */
  counts(): CallCounts {
    return structuredClone(this.calls);
  }

  reset(): void {
    this.calls = {};
  }
}
