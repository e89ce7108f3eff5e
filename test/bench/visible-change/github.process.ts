import { randomUUID } from 'node:crypto';
import { deliveries, type Installation, type JobStage } from '../hooks/delivery.js';
import { openLoop } from '../load/open-loop.js';
import { connections, post } from '../load/post.js';
import { answer } from '../processes/worker.js';

/** Each runner gets one job: queued, taken a second later, done another second later. */
export type JobsTask = {
  url: string;
  secret: string;
  installation: Installation;
  runners: readonly { id: number; name: string }[];
  perSecond: number;
};

/** When a delivery was due, milliseconds since 1970; how it was answered, and how long that took from then on. */
export type Told = {
  runner: string;
  action: JobStage['action'];
  status: number;
  dueAt: number;
  answeredAfterMs: number;
};

const CONNECTIONS = 64;
let jobId = 950_000_000_000_001;

answer<JobsTask, readonly Told[]>(async ({ url, secret, installation, runners, perSecond }) => {
  const deliver = deliveries(secret, installation);
  const agent = connections(CONNECTIONS);
  const told: Told[] = [];
  try {
    await openLoop(stagesOf(runners, perSecond), perSecond, async (stage, dueAt) => {
      const status = await post(url, deliver(stage), agent);
      told.push({
        runner: stage.of,
        action: stage.action,
        status,
        dueAt: performance.timeOrigin + dueAt,
        answeredAfterMs: performance.now() - dueAt,
      });
    });
    return told;
  } finally {
    agent.destroy();
  }
});

type StageOfRunner = JobStage & { of: string };

/** All stages of all jobs in the order they are told, three of them for each job that begins. */
const stagesOf = (runners: JobsTask['runners'], perSecond: number): StageOfRunner[] => {
  const jobs = runners.map((runner) => ({ jobId: jobId++, runner }));
  const aSecond = Math.round(perSecond / 3);
  const stage = (index: number, action: JobStage['action']): StageOfRunner[] => {
    const job = jobs[index];
    if (job === undefined) return [];
    const { runner, ...rest } = job;
    return [
      { ...rest, guid: randomUUID(), action, of: runner.name, ...(action === 'queued' ? {} : { runner }) },
    ];
  };
  return Array.from({ length: jobs.length + 2 * aSecond }, (_, index) => [
    ...stage(index, 'queued'),
    ...stage(index - aSecond, 'in_progress'),
    ...stage(index - 2 * aSecond, 'completed'),
  ]).flat();
};
