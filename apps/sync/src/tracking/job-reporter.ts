import { setTimeout as sleep } from 'node:timers/promises';
import { type Problem, subjects } from '#libs/contracts';
import { type Asking, willHeal } from '../provisioner-calls.js';
import { Outage } from '../scheduling/outage.js';
import { pause } from '../scheduling/pause.js';
import { Turns } from '../scheduling/turns.js';
import type { SyncMetrics } from '../sync.metrics.js';
import type { JobReportRow } from './job-report.entity.js';
import type { JobReports } from './job-reports.js';

export type JobReporterOptions = {
  reports: JobReports;
  bus: Asking;
  metrics: SyncMetrics;
  logger: {
    log(details: object, message: string): void;
    warn(details: object, message: string): void;
    error(details: object, message: string): void;
  };
  /** Between the tries of a report the provisioner refuses; after the last one it is stepped over. */
  refusalPausesMs?: readonly number[];
};

/** About a minute in all: a deployment of the provisioner may be what heals it. */
const REFUSAL_PAUSES_MS = [1_000, 2_000, 5_000, 10_000, 15_000, 30_000];
const AT_A_TIME = 32;
const PAGE = 500;
const MOST_IN_HAND = 2_000;
const DATABASE_PAUSE_MS = 1_000;
/** Answered reports are struck out in one go. */
const TOGETHER_MS = 50;

/**
 * Tells the provisioner what the deliveries say, at least once, one runner's in the order of the log, several
 * runners' side by side. Every replica does so: a repeat records nothing, and none waits for another to be found dead.
 */
export class JobReporter {
  /** Per runner what is still to be told, the oldest first. */
  private readonly lanes = new Map<string, JobReportRow[]>();
  private readonly running = new Set<Promise<void>>();
  private readonly turns = new Turns(AT_A_TIME);
  private readonly outage = new Outage();
  /** Ids of reports that are told and not yet struck out. */
  private readonly answered: string[] = [];
  private readUpTo = -1n;
  private inHand = 0;
  private ring = () => {};

  constructor(private readonly options: JobReporterOptions) {}

  /** There may be new reports. */
  wake(): void {
    this.ring();
  }

  /** Until the signal is aborted; resolves when nothing is being told any more. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.ring(), { once: true });
    while (!signal.aborted) {
      const rung = new Promise<void>((resolve) => {
        this.ring = resolve;
      });
      try {
        await this.takeUp(signal);
        await rung;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'the waiting reports could not be read; trying again');
        await pause(DATABASE_PAUSE_MS, signal);
      }
    }
    await Promise.all(this.running);
  }

  private async takeUp(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.inHand < MOST_IN_HAND) {
      const page = await this.options.reports.waitingAfter(this.readUpTo, PAGE);
      for (const report of page) {
        this.readUpTo = report.position;
        this.enqueue(report, signal);
      }
      if (page.length < PAGE) return;
    }
  }

  private enqueue(report: JobReportRow, signal: AbortSignal): void {
    this.count(1);
    const lane = this.lanes.get(report.runnerId);
    if (lane) {
      lane.push(report);
      return;
    }
    const started = [report];
    this.lanes.set(report.runnerId, started);
    const work = this.work(report.runnerId, started, signal).finally(() => this.running.delete(work));
    this.running.add(work);
  }

  private async work(runnerId: string, lane: JobReportRow[], signal: AbortSignal): Promise<void> {
    for (let report = lane[0]; report !== undefined && !signal.aborted; report = lane[0]) {
      const over = await this.tell(report, signal);
      if (over) this.strikeOut(report);
      lane.shift();
      this.count(-1);
    }
    this.lanes.delete(runnerId);
    if (this.inHand < MOST_IN_HAND / 2) this.ring();
  }

  /** False: given up because the signal was aborted; the report stays in the database. */
  private async tell(report: JobReportRow, signal: AbortSignal): Promise<boolean> {
    const { bus, metrics, logger, refusalPausesMs = REFUSAL_PAUSES_MS } = this.options;
    const about = { runnerId: report.runnerId, jobId: report.jobId, requestId: report.correlationId };
    for (let refusals = 0; ; ) {
      await this.outage.over(signal);
      if (signal.aborted) return false;
      try {
        await this.turns.run(() =>
          bus.ask(subjects.recordWorkflowJob, report.request, { requestId: report.correlationId }),
        );
        if (this.outage.ended()) logger.log(about, 'the provisioner takes workflow jobs again');
        metrics.jobReports.inc({ result: 'accepted' });
        metrics.jobReportSeconds.observe((Date.now() - report.deliveredAt.getTime()) / 1000);
        return true;
      } catch (error) {
        if (willHeal(error)) {
          metrics.jobReports.inc({ result: 'retried' });
          if (this.outage.noticed())
            logger.warn({ ...about, err: error }, 'a workflow job cannot be told yet');
          continue;
        }
        const pauseMs = refusalPausesMs[refusals];
        refusals += 1;
        if (pauseMs === undefined) {
          metrics.jobReports.inc({ result: 'stepped-over' });
          logger.error(
            { ...about, delivery: report.id, tries: refusals, err: error, code: (error as Problem).code },
            'a workflow job is refused again and again and is stepped over',
          );
          return true;
        }
        metrics.jobReports.inc({ result: 'retried' });
        await pause(pauseMs, signal);
      }
    }
  }

  /**
   * Struck out together with those that are answered in the next moment. One that stays because the database was
   * away, or because we ended before, is told again after the next start: harmless.
   */
  private strikeOut(report: JobReportRow): void {
    this.answered.push(report.id);
    if (this.answered.length > 1) return;
    const striking = sleep(TOGETHER_MS)
      .then(() => this.options.reports.answered(this.answered.splice(0)))
      .catch((error: unknown) =>
        this.options.logger.warn({ err: error }, 'answered reports could not be removed'),
      )
      .finally(() => this.running.delete(striking));
    this.running.add(striking);
  }

  private count(change: number): void {
    this.inHand += change;
    this.options.metrics.jobReportsWaiting.set(this.inHand);
  }
}
