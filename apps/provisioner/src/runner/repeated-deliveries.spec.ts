import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { inMemoryEventStore } from '#libs/event-store';
import { FakeGithub } from '#libs/github';
import { provisionerReplica } from '../testing/provisioner.js';
import { AT, JOB } from './runner.examples.js';

/** GitHub tells of the same stage under another GUID: what counts is job, attempt and stage. */
it('a stage told many times at once, under as many GUIDs and to two replicas, is recorded once', async () => {
  const store = inMemoryEventStore();
  const github = new FakeGithub();
  const [one, other] = [provisionerReplica({ store, github }), provisionerReplica({ store, github })];
  const { runnerId } = await one.provision({ runnerName: 'gpu-1' });
  const about = { runnerId, job: JOB, queuedAt: AT.requested, startedAt: AT.started };
  const tell = (stage: 'in_progress' | 'completed', conclusion: string | null) =>
    Promise.all(
      [one, other, one, other, one, other].map((replica) =>
        replica.recordWorkflowJob({ ...about, stage, conclusion, causationId: randomUUID() }),
      ),
    );

  const started = await tell('in_progress', null);
  const completed = await tell('completed', 'success');
  await tell('in_progress', null);

  expect((await one.history(runnerId)).slice(2)).toEqual([
    'RunnerCameOnline',
    'RunnerStartedWorkflowJob',
    'RunnerCompletedWorkflowJob',
    'RunnerDeleted',
  ]);
  for (const answers of [started, completed])
    expect(answers.map(({ recorded }) => recorded).sort()).toEqual([0, 0, 0, 0, 0, 2]);
  expect(await one.slotsInUse()).toBe(0);
});

it('another attempt of a run is another job', async () => {
  const replica = provisionerReplica();
  const { runnerId } = await replica.provision({ runnerName: 'gpu-1' });
  const about = { runnerId, queuedAt: AT.requested, startedAt: AT.started, conclusion: null };
  for (const job of [JOB, { ...JOB, jobId: JOB.jobId + 1, runAttempt: 2 }])
    await replica.recordWorkflowJob({ ...about, job, stage: 'in_progress', causationId: randomUUID() });
  const history = await replica.history(runnerId);
  expect(history.filter((type) => type === 'RunnerStartedWorkflowJob')).toHaveLength(2);
});
