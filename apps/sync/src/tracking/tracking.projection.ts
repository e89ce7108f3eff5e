import type { Recorded } from '#libs/contracts';
import {
  type AnyEntity,
  deleteRows,
  type EntityManager,
  findRows,
  type Projection,
  saveRows,
} from '#libs/read-model';
import { JobReport, type JobReportRow } from './job-report.entity.js';
import { TrackedRunner, type TrackedRunnerRow } from './tracked-runner.entity.js';
import { type Tracking, trackingAfter } from './tracking-after.js';
import { asTrackingFact, isOfNoRunner, trackingPrefixes } from './tracking-fact.js';

/** To be given to `openDatabase` together with `trackingMigration`. */
export const trackingEntities = [TrackedRunner, JobReport] as const;

/**
 * What has to be looked after, and what has yet to be told. One log orders a runner's facts before any delivery
 * about its jobs, so whose job it is can be decided right here.
 */
export const trackingProjection: Projection = {
  name: 'tracking',
  prefixes: trackingPrefixes,
  apply: async (em, facts) => {
    const before = await load(em, facts);
    const after = trackingAfter(before, facts);
    await save(em, TrackedRunner, before.runners, after.runners);
    await save(em, JobReport, before.reports, after.reports);
  },
};

/** The rows that these facts can touch: by our id, by GitHub's id, by name, by job. */
const load = async (em: EntityManager, facts: readonly Recorded[]): Promise<Tracking> => {
  const { runnerIds, githubRunnerIds, nameKeys, jobIds } = keysOf(facts);
  const runners = [
    ...(await findRows<TrackedRunnerRow>(em, TrackedRunner, 'id', runnerIds)),
    ...(await findRows<TrackedRunnerRow>(em, TrackedRunner, 'githubRunnerId', githubRunnerIds)),
    ...(await findRows<TrackedRunnerRow>(em, TrackedRunner, 'nameKey', nameKeys)),
  ];
  const reports = await findRows<JobReportRow>(em, JobReport, 'jobId', jobIds);
  return { runners: byId(runners), reports: byId(reports) };
};

const byId = <Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

const keysOf = (facts: readonly Recorded[]) => {
  const runnerIds = new Set<string>();
  const githubRunnerIds = new Set<number>();
  const nameKeys = new Set<string>();
  const jobIds = new Set<number>();
  for (const recorded of facts) {
    const fact = asTrackingFact(recorded);
    if (isOfNoRunner(fact)) continue;
    switch (fact.type) {
      case 'WorkflowJobDelivered': {
        const { githubRunnerId, runnerName } = fact.data.workflowJob;
        if (githubRunnerId !== undefined) githubRunnerIds.add(githubRunnerId);
        if (runnerName !== undefined) nameKeys.add(runnerName.toLowerCase());
        break;
      }
      case 'RunnerNameClaimed':
        runnerIds.add(fact.data.runnerId);
        nameKeys.add(fact.data.runnerName.toLowerCase());
        break;
      case 'RunnerStartedWorkflowJob':
      case 'RunnerCompletedWorkflowJob':
        runnerIds.add(fact.data.runnerId);
        jobIds.add(fact.data.job.jobId);
        break;
      default:
        runnerIds.add(fact.data.runnerId);
    }
  }
  return {
    runnerIds: [...runnerIds],
    githubRunnerIds: [...githubRunnerIds],
    nameKeys: [...nameKeys],
    jobIds: [...jobIds],
  };
};

const save = async <Row extends TrackedRunnerRow | JobReportRow>(
  em: EntityManager,
  entity: AnyEntity,
  before: ReadonlyMap<string, Row>,
  after: ReadonlyMap<string, Row>,
): Promise<void> => {
  const changed = [...after.values()].filter((row) => before.get(row.id) !== row);
  const gone = [...before.keys()].filter((id) => !after.has(id));
  await saveRows(em, entity, changed);
  await deleteRows(em, entity, 'id', gone);
};
