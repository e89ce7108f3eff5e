import type { Recorded, RunnerNameEvent } from '#libs/contracts';
import type { JobReportRow } from './job-report.entity.js';
import { jobReportOf } from './job-report-of.js';
import { runnerAfter } from './runner-after.js';
import type { TrackedRunnerRow } from './tracked-runner.entity.js';
import { asTrackingFact, isOfNoRunner, type TrackingFact } from './tracking-fact.js';

/** The rows a batch of facts can touch, by id. */
export type Tracking = {
  runners: ReadonlyMap<string, TrackedRunnerRow>;
  reports: ReadonlyMap<string, JobReportRow>;
};

/** The rows after the facts, in the order of the log. */
export const trackingAfter = (before: Tracking, facts: readonly Recorded[]): Tracking => {
  const runners = new Map(before.runners);
  const reports = new Map(before.reports);
  for (const recorded of facts) {
    const fact = asTrackingFact(recorded);
    if (isOfNoRunner(fact)) continue;
    if (fact.type === 'WorkflowJobDelivered') {
      const report = jobReportOf(fact, runners.values());
      if (report) reports.set(report.id, report);
      continue;
    }
    if (fact.type === 'RunnerNameClaimed') takeName(runners, fact);
    for (const id of answeredBy(fact, reports)) reports.delete(id);
    const { runnerId } = fact.data;
    const row = runnerAfter(runners.get(runnerId), fact);
    if (row) runners.set(runnerId, row);
    else runners.delete(runnerId);
  }
  return { runners, reports };
};

/** A claim whose runner never appeared may be taken over: there is no release of it then. */
const takeName = (
  runners: Map<string, TrackedRunnerRow>,
  { data }: Extract<Recorded<RunnerNameEvent>, { type: 'RunnerNameClaimed' }>,
) => {
  const nameKey = data.runnerName.toLowerCase();
  for (const [id, runner] of runners) {
    if (runner.nameHeldSince && runner.nameKey === nameKey && id !== data.runnerId) {
      runners.set(id, { ...runner, nameHeldSince: null });
    }
  }
};

/** The reports whose effect this fact is: nobody need be told any more. A completed job has also been started. */
const answeredBy = (fact: TrackingFact, reports: ReadonlyMap<string, JobReportRow>): string[] => {
  if (fact.type !== 'RunnerStartedWorkflowJob' && fact.type !== 'RunnerCompletedWorkflowJob') return [];
  const { runnerId, job } = fact.data;
  const completed = fact.type === 'RunnerCompletedWorkflowJob';
  return [...reports.values()]
    .filter((report) => report.runnerId === runnerId && report.jobId === job.jobId)
    .filter(({ request }) => completed || request.stage === 'in_progress')
    .map(({ id }) => id);
};
