import { Unreachable } from './request.js';
import { type AcquiredJob, completeJob, type ReportedConclusion, renewJob } from './run-service-client.js';

const completeTries = 5;

export interface WorkOptions {
  renewEveryMs: number;
  /** Aborted when GitHub cancels the job. */
  cancelled: AbortSignal;
}

/** What came of a job, or `lost` when GitHub had ended it meanwhile. */
export type WorkResult = ReportedConclusion | 'lost';

/** Does a job: renews it, works as long as it is told to, reports its end. */
export async function work(job: AcquiredJob, { renewEveryMs, cancelled }: WorkOptions): Promise<WorkResult> {
  // The first renewal must succeed before the job starts.
  if (!(await renewJob(job))) return 'lost';
  const lost = new AbortController();
  const renewal = setInterval(() => {
    renewJob(job).then(
      (held) => held || lost.abort(),
      // Out of reach for a moment: the lock lasts for several renewals.
      () => undefined,
    );
  }, renewEveryMs);
  try {
    await untilAny(job.durationMs, cancelled, lost.signal);
  } finally {
    clearInterval(renewal);
  }
  if (lost.signal.aborted) return 'lost';
  const conclusion = cancelled.aborted ? 'canceled' : job.conclusion;
  return (await reported(job, conclusion)) ? conclusion : 'lost';
}

async function reported(job: AcquiredJob, conclusion: ReportedConclusion): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await completeJob(job, conclusion);
    } catch (error) {
      if (!(error instanceof Unreachable) || tries === completeTries) throw error;
      await untilAny(1000);
    }
  }
}

const untilAny = (ms: number, ...signals: AbortSignal[]): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    for (const signal of signals) {
      if (signal.aborted) return done();
      signal.addEventListener('abort', done);
    }
  });
