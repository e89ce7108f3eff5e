import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Github, JitConfigRequest } from './github.port.js';
import { GithubRefusal } from './github-refusal.js';

/** One implementation of the port, with an organisation behind it in which the suite may do as it likes. */
export type GithubUnderTest = {
  github: Github;
  /** Id of a runner group that exists. */
  runnerGroupId: number;
  /** Makes a runner begin a job, as seen in GitHub's answers. Resolves when they say so. */
  occupy: (githubRunnerId: number) => Promise<void>;
  /** Starts a workflow run whose job waits for a runner. */
  startRun: () => Promise<{ repository: string; runId: number }>;
  /** Queues a job that no runner can take, and lets it end as cancelled. */
  startJob: () => Promise<{ repository: string; jobId: number; cancel: () => Promise<void> }>;
  close: () => Promise<void>;
};

/** What every implementation of the port must do. */
export const githubContract = (implementation: string, start: () => Promise<GithubUnderTest>): void => {
  describe(`${implementation} as GitHub`, () => {
    let subject: GithubUnderTest;
    beforeAll(async () => {
      subject = await start();
    });
    afterAll(() => subject?.close());

    const request = (changes: Partial<JitConfigRequest> = {}): JitConfigRequest => ({
      name: `contract-${randomUUID().slice(0, 8)}`,
      runnerGroupId: subject.runnerGroupId,
      labels: ['self-hosted', 'linux', 'x64', 'gpu'],
      workFolder: '_work',
      ...changes,
    });

    it('registers a runner with exactly the labels asked for, offline and idle', async () => {
      const asked = request({ labels: ['Self-Hosted', 'GPU'] });

      const { runner, encodedJitConfig } = await subject.github.generateJitConfig(asked);

      expect(runner).toMatchObject({ name: asked.name, status: 'offline', busy: false });
      expect([...runner.labels].sort()).toEqual(['gpu', 'self-hosted']);
      expect(runner.runnerGroupId ?? subject.runnerGroupId).toBe(subject.runnerGroupId);
      expect(encodedJitConfig).toMatch(/^[A-Za-z0-9+/]+=*$/);
    });

    it('finds the runner by id, by name and in the list', async () => {
      const asked = request();
      const { runner } = await subject.github.generateJitConfig(asked);

      const { runners } = await subject.github.listRunners();

      expect(await subject.github.getRunner(runner.id)).toMatchObject({ id: runner.id, name: asked.name });
      expect(await subject.github.findRunnerByName(asked.name)).toMatchObject({ id: runner.id });
      expect(runners.filter(({ id }) => id === runner.id)).toHaveLength(1);
    });

    it('knows no runner that was never registered', async () => {
      expect(await subject.github.getRunner(987_654_321)).toBe('absent');
      expect(await subject.github.findRunnerByName(request().name)).toBe('absent');
      expect(await subject.github.deleteRunner(987_654_321)).toBe('absent');
    });

    it('lists every runner, over several pages, each once', async () => {
      const asked = Array.from({ length: 120 }, () => request());
      const created = await Promise.all(asked.map((each) => subject.github.generateJitConfig(each)));

      const ids = (await subject.github.listRunners()).runners.map(({ id }) => id);

      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining(created.map(({ runner }) => runner.id)));
    });

    it('refuses a name that is taken, for certain', async () => {
      const asked = request();
      await subject.github.generateJitConfig(asked);

      expect(await refusalOf(subject.github.generateJitConfig(asked))).toMatchObject({
        reason: 'name-taken',
        uncertain: false,
      });
    });

    it('refuses a runner group that does not exist, for certain', async () => {
      const asked = request({ runnerGroupId: 99_999 });

      expect(await refusalOf(subject.github.generateJitConfig(asked))).toMatchObject({
        reason: 'runner-group-unknown',
        uncertain: false,
      });
      expect(await subject.github.findRunnerByName(asked.name)).toBe('absent');
    });

    it('deletes a runner once; then it is absent and its name is free', async () => {
      const asked = request();
      const { runner } = await subject.github.generateJitConfig(asked);

      expect(await subject.github.deleteRunner(runner.id)).toBe('deleted');
      expect(await subject.github.deleteRunner(runner.id)).toBe('absent');
      expect(await subject.github.getRunner(runner.id)).toBe('absent');
      expect((await subject.github.generateJitConfig(asked)).runner.id).not.toBe(runner.id);
    });

    it('does not delete a runner that runs a job', async () => {
      const { runner } = await subject.github.generateJitConfig(request());
      await subject.occupy(runner.id);

      expect(await subject.github.deleteRunner(runner.id)).toBe('busy');
      expect(await subject.github.getRunner(runner.id)).toMatchObject({ status: 'online', busy: true });
    });

    it('cancels a workflow run, once', async () => {
      const { repository, runId } = await subject.startRun();

      expect(await subject.github.cancelWorkflowRun(repository, runId)).toBe('accepted');
      expect(await subject.github.cancelWorkflowRun(repository, runId)).toBe('over');
    });

    it('says what the App needs when it does not see the workflow run', async () => {
      const { repository, runId } = await subject.startRun();
      const refusal = await refusalOf(subject.github.cancelWorkflowRun(repository, runId + 1_000));
      expect(refusal).toMatchObject({ reason: 'forbidden', uncertain: false });
      expect(refusal.message).toContain('actions: write');
    });

    it('shows a job before and after its end, and hides what there is not', async () => {
      const { repository, jobId, cancel } = await subject.startJob();
      expect(await subject.github.getWorkflowJob(repository, jobId)).toMatchObject({
        isCompleted: false,
        conclusion: null,
      });
      await cancel();
      expect(await subject.github.getWorkflowJob(repository, jobId)).toMatchObject({
        isCompleted: true,
        conclusion: 'cancelled',
        completedAt: expect.stringMatching(/Z$/),
      });
      expect(await subject.github.getWorkflowJob(repository, jobId + 1_000)).toBe('hidden');
    });

    it('issues registration and remove tokens, dated in UTC', async () => {
      const registration = await subject.github.createRegistrationToken();
      const removal = await subject.github.createRemoveToken();

      expect(registration.token).not.toBe(removal.token);
      for (const { token, expiresAt } of [registration, removal]) {
        expect(token).not.toBe('');
        expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
        expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
      }
    });

    it('names the address runners are configured with', () => {
      expect(subject.github.githubUrl).toMatch(/^https?:\/\/[^/]+\/[^/]+$/);
    });
  });
};

const refusalOf = (call: Promise<unknown>): Promise<GithubRefusal> =>
  call.then(
    () => {
      throw new Error('expected a refusal');
    },
    (error) => {
      if (error instanceof GithubRefusal) return error;
      throw error;
    },
  );
