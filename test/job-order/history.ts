import type { WorkflowJobDelivery } from '#libs/contracts';
import type { Random } from '#libs/testing';

/** A runner of ours, and what GitHub shows of it when all jobs of the history have happened. */
export type OurRunner = {
  runnerId: string;
  githubRunnerId: number;
  runnerName: string;
  method: 'jit' | 'registration_token';
  ephemeral: boolean;
  /** Its end was recorded before; its name is another's now. */
  isOver: boolean;
  atGithub: { status: 'online' | 'offline'; busy: boolean } | 'absent';
};
export type History = {
  runners: OurRunner[];
  deliveries: WorkflowJobDelivery[];
  endedJobs: ReadonlySet<number>;
};

const AT = '2026-11-03T10:00:00.000Z';

/** Random jobs on a few runners, some of which have the name of one that is over. */
export const historyOf = (random: Random): History => {
  const runners = Array.from({ length: 1 + random.below(4) }, (_, index) => runnerOf(random, index));
  const former = runners.slice(0, random.below(2)).map(
    (runner, index): OurRunner => ({
      ...runner,
      runnerId: idOf(100 + index),
      githubRunnerId: 900 + index,
      isOver: true,
      atGithub: 'absent',
    }),
  );
  const deliveries: WorkflowJobDelivery[] = [];
  const endedJobs = new Set<number>();
  for (let jobId = 1; jobId <= 1 + random.below(7); jobId++) {
    const runner = random.oneOf([...runners, ...former, undefined]);
    const stages = stagesOf(random, runner);
    deliveries.push(...stages.map((action) => deliveryOf(jobId, action, random, runner)));
    if (stages.includes('completed')) endedJobs.add(jobId);
    if (runner && !runner.isOver) afterJob(runner, stages);
  }
  return { runners: [...former, ...runners], deliveries, endedJobs };
};

type Stage = 'queued' | 'in_progress' | 'completed';

/** What GitHub announces of a job; a runner that is gone or at work gets none. */
const stagesOf = (random: Random, runner: OurRunner | undefined): Stage[] => {
  if (runner === undefined) return random.below(2) === 0 ? ['queued'] : ['queued', 'completed'];
  if (runner.isOver) return ['queued', 'in_progress', 'completed'];
  const { atGithub } = runner;
  if (atGithub === 'absent' || atGithub.busy) return ['queued'];
  return random.below(3) === 0 ? ['queued', 'in_progress'] : ['queued', 'in_progress', 'completed'];
};

const afterJob = (runner: OurRunner, stages: readonly Stage[]): void => {
  if (stages.includes('completed'))
    runner.atGithub = runner.ephemeral ? 'absent' : { status: 'online', busy: false };
  else if (stages.includes('in_progress')) runner.atGithub = { status: 'online', busy: true };
};

const runnerOf = (random: Random, index: number): OurRunner => {
  const method = random.oneOf(['jit', 'registration_token'] as const) ?? 'jit';
  return {
    runnerId: idOf(index),
    githubRunnerId: 500 + index,
    runnerName: `Gpu-${index}`,
    method,
    ephemeral: method === 'jit' || random.below(2) === 0,
    isOver: false,
    atGithub: { status: random.below(3) === 0 ? 'offline' : 'online', busy: false },
  };
};

const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

const deliveryOf = (
  jobId: number,
  action: Stage,
  random: Random,
  runner: OurRunner | undefined,
): WorkflowJobDelivery => ({
  action,
  jobId,
  runId: 7000 + jobId,
  runAttempt: 1,
  repository: 'octo-org/app',
  workflowName: 'build',
  jobName: 'test',
  htmlUrl: `https://github.com/octo-org/app/actions/runs/7/job/${jobId}`,
  labels: ['self-hosted'],
  conclusion: action === 'completed' ? (random.oneOf(['success', 'failure', 'cancelled']) ?? null) : null,
  createdAt: AT,
  startedAt: AT,
  ...(action === 'completed' ? { completedAt: AT } : {}),
  ...(runner && action !== 'queued'
    ? { githubRunnerId: runner.githubRunnerId, runnerName: runner.runnerName }
    : {}),
});
