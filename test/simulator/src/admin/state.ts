import { orgUrlOf } from '../github/accounts.js';
import { repositoryId } from '../github/repository.js';
import { toRunnerObject } from '../github/runner.js';
import { toRunnerGroupObject } from '../github/runner-groups.js';
import { jobObject } from '../jobs/job-object.js';
import type { Simulated } from '../simulated.js';

/** How many of the newest jobs are shown. */
const newestJobs = 200;

/** All there is to see at a glance. Tokens and keys are not part of it. */
export function stateOf({
  names,
  runners,
  groups,
  repositories,
  sessions,
  jobs,
  calls,
  hooks,
  oidc,
}: Simulated) {
  const all = jobs.all();
  const count = (status: string) => all.filter((job) => job.status === status).length;
  return {
    org: names.org,
    oidc_issuer: oidc.issuer,
    runners: runners.all().map(toRunnerObject),
    runner_groups: groups.all().map((group) => toRunnerGroupObject(group, orgUrlOf(names))),
    repositories: repositories
      .all()
      .map((repository) => ({ id: repositoryId(repository.name), ...repository })),
    sessions: sessions.all().map(({ runnerId, ownerName }) => ({
      runner_id: runnerId,
      owner_name: ownerName,
    })),
    job_counts: {
      queued: count('queued'),
      in_progress: count('in_progress'),
      completed: count('completed'),
    },
    jobs: all.slice(-newestJobs).map((job) => jobObject(job, names)),
    calls: calls.counts(),
    hooks: hooks.disturbed,
  };
}
