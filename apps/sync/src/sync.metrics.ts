import { Counter, Gauge, Histogram, type Registry, register } from 'prom-client';

/** What sync counts. One set per registry. */
export class SyncMetrics {
  readonly deliveries: Counter<'result'>;
  readonly ledger: Gauge<'state'>;
  readonly redeliveries: Counter<'result'>;
  readonly jobReports: Counter<'result'>;
  readonly jobReportsWaiting: Gauge;
  readonly jobReportSeconds: Histogram;
  readonly observations: Counter<'result'>;
  readonly settlements: Counter<'result'>;
  readonly leaseHeld: Gauge;
  readonly cycles: Counter<'look' | 'result'>;
  readonly githubCalls: Histogram<'operation' | 'status'>;

  constructor(registry: Registry = register) {
    const registers = [registry];
    this.deliveries = new Counter({
      name: 'rts_sync_deliveries_total',
      help: 'Webhook deliveries by what became of them: accepted, duplicate, ignored, failed',
      labelNames: ['result'],
      registers,
    });
    this.ledger = new Gauge({
      name: 'rts_sync_ledger_deliveries',
      help: "Deliveries in GitHub's list by whether they have arrived: recorded, missing, given-up",
      labelNames: ['state'],
      registers,
    });
    this.redeliveries = new Counter({
      name: 'rts_sync_redeliveries_total',
      help: 'Deliveries GitHub was asked to repeat: asked, gone, failed',
      labelNames: ['result'],
      registers,
    });
    this.jobReports = new Counter({
      name: 'rts_sync_job_reports_total',
      help: 'Workflow job stages told to the provisioner: accepted, retried, stepped-over',
      labelNames: ['result'],
      registers,
    });
    this.jobReportsWaiting = new Gauge({
      name: 'rts_sync_job_reports_waiting',
      help: 'Workflow job stages the provisioner has not answered yet',
      registers,
    });
    this.jobReportSeconds = new Histogram({
      name: 'rts_sync_job_report_seconds',
      help: "From a delivery's record to the provisioner's answer about it",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60],
      registers,
    });
    this.observations = new Counter({
      name: 'rts_sync_observations_total',
      help: 'Observations told to the provisioner: changed, unchanged, failed',
      labelNames: ['result'],
      registers,
    });
    this.settlements = new Counter({
      name: 'rts_sync_settlements_total',
      help: 'Runners the provisioner was asked to settle: changed, unchanged, failed',
      labelNames: ['result'],
      registers,
    });
    this.leaseHeld = new Gauge({
      name: 'rts_sync_lease_held',
      help: 'Whether this process is the one that polls and settles: 1 or 0',
      registers,
    });
    this.cycles = new Counter({
      name: 'rts_sync_cycles_total',
      help: 'Looks at GitHub (pending, all) by whether GitHub answered: completed, failed; put-off for want of budget',
      labelNames: ['look', 'result'],
      registers,
    });
    this.githubCalls = new Histogram({
      name: 'rts_github_call_seconds',
      help: 'Calls to GitHub',
      labelNames: ['operation', 'status'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
  }
}
