import type { GithubDeliveryEvent, Recorded } from '#libs/contracts';
import type { JobReportRow } from './job-report.entity.js';
import { isLive } from './runner-after.js';
import type { TrackedRunnerRow } from './tracked-runner.entity.js';

type Delivered = Recorded<GithubDeliveryEvent>;

/** What the provisioner is to be told because of a delivery; undefined = it is about no runner of ours. */
export const jobReportOf = (
  delivered: Delivered,
  runners: Iterable<TrackedRunnerRow>,
): JobReportRow | undefined => {
  const { action, githubRunnerId, createdAt, startedAt = createdAt, ...job } = delivered.data.workflowJob;
  if (action !== 'in_progress' && action !== 'completed') return undefined;
  const runner = runnerOf(delivered, [...runners]);
  if (runner === undefined) return undefined;
  const { jobId, runId, runAttempt, repository, workflowName, jobName, htmlUrl } = job;
  return {
    id: delivered.id,
    position: delivered.position,
    runnerId: runner.id,
    jobId,
    request: {
      runnerId: runner.id,
      stage: action,
      job: { jobId, runId, runAttempt, repository, workflowName, jobName, htmlUrl },
      conclusion: job.conclusion,
      queuedAt: createdAt,
      startedAt,
      causationId: delivered.id,
      ...(githubRunnerId === undefined ? {} : { githubRunnerId }),
      ...(job.completedAt === undefined ? {} : { completedAt: job.completedAt }),
    },
    correlationId: delivered.metadata.$correlationId,
    deliveredAt: delivered.recordedAt,
  };
};

/**
 * Ids win; a name only counts while GitHub's id of the runner is not known, because names are used again, or when the
 * runner was given a registration token, with which its host may have registered it again.
 */
const runnerOf = ({ data }: Delivered, runners: readonly TrackedRunnerRow[]) => {
  const { githubRunnerId, runnerName } = data.workflowJob;
  const sameId = runners.find((runner) => runner.githubRunnerId && runner.githubRunnerId === githubRunnerId);
  if (sameId) return sameId;
  return runners
    .filter((runner) => isLive(runner) || runner.state === 'deleting')
    .filter(({ name }) => runnerName !== undefined && name === runnerName)
    .find((runner) => !runner.githubRunnerId || runner.tokenExpiresAt);
};
