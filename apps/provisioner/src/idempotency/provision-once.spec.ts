import { describe, expect, it } from '@jest/globals';
import { streams } from '#libs/contracts';
import { inMemoryEventStore } from '#libs/event-store';
import { FakeGithub, refusals } from '#libs/github';
import { ALICE, provisionerReplica } from '../testing/provisioner.js';
import { InMemoryAnswerShelf } from './in-memory.answer-shelf.js';

const KEYED = { idempotencyKey: 'deploy-42', runnerNamePrefix: 'worker' };

const replicas = () => {
  const shared = { store: inMemoryEventStore(), github: new FakeGithub(), shelf: new InMemoryAnswerShelf() };
  return [provisionerReplica(shared), provisionerReplica(shared), shared] as const;
};

describe('provisioning with an idempotency key', () => {
  it('answers the same request with the same runner, on whatever replica', async () => {
    const [one, other, { github }] = replicas();
    const first = await one.provision(KEYED);
    const again = await other.provision(KEYED);
    expect(again).toEqual({ ...first, replayed: true });
    expect(github.calls.filter((call) => call === 'generateJitConfig')).toHaveLength(1);
  });

  it('makes one runner of many requests at once', async () => {
    const [one, other, { github }] = replicas();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).provision(KEYED)),
    );
    expect(new Set(answers.map(({ runnerId }) => runnerId)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(github.calls.filter((call) => call === 'generateJitConfig')).toHaveLength(1);
  });

  it('refuses the key for another body', async () => {
    const [one] = replicas();
    await one.provision(KEYED);
    await expect(one.provision({ ...KEYED, labels: ['other'] })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });

  it('frees the key when the first request was refused', async () => {
    const [one, , { github }] = replicas();
    github.refuseNext('generateJitConfig', refusals.rateLimited(7));
    await expect(one.provision(KEYED)).rejects.toMatchObject({ code: 'github-rate-limited' });
    await expect(one.provision(KEYED)).resolves.toMatchObject({ runnerName: expect.any(String) });
  });

  it('makes no second runner while GitHub may have made the first', async () => {
    const [one, other, { github }] = replicas();
    github.loseAnswerOfNext('generateJitConfig');
    await expect(one.provision(KEYED)).rejects.toMatchObject({ code: 'github-unavailable' });
    await expect(other.provision(KEYED, { patienceMs: 4_500 })).rejects.toMatchObject({
      code: 'provisioning-in-progress',
    });
    expect(github.calls).toEqual(['generateJitConfig']);
  });

  it('does not hand out a config again once a runner has used it', async () => {
    const [one, , { github }] = replicas();
    const { runnerId, runnerName, labels } = await one.provision(KEYED);
    const runner = await github.findRunnerByName(runnerName);
    if (runner === 'absent') throw new Error('GitHub did not make the runner');
    const seen = { githubRunnerId: runner.id, busy: false, labels };
    await one.observe(runnerId, { status: 'online', ...seen });
    await expect(one.provision(KEYED)).rejects.toMatchObject({
      code: 'jit-config-spent',
      members: { runner_id: runnerId },
    });
  });

  it('does not hand out a config again once its runner is deleted', async () => {
    const [one] = replicas();
    const { runnerId } = await one.provision(KEYED);
    await one.deprovision(runnerId);
    await expect(one.provision(KEYED)).rejects.toMatchObject({ code: 'jit-config-spent' });
  });

  it('hands nothing of a team’s again to who has left it', async () => {
    const [one, , shared] = replicas();
    await one.provision(KEYED);
    const since = provisionerReplica({ ...shared, principal: { ...ALICE, teams: [] } });
    await expect(since.provision(KEYED)).rejects.toMatchObject({ code: 'jit-config-spent' });
  });

  it('keeps the config nowhere but sealed', async () => {
    const [one, , { store, shelf }] = replicas();
    const { runnerId, secret } = await one.provision(KEYED);
    const config = 'encodedJitConfig' in secret ? secret.encodedJitConfig : '';
    const facts = JSON.stringify(await store.read(streams.runner(runnerId)), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    expect(config.length).toBeGreaterThan(0);
    expect(facts).not.toContain(config);
    expect(facts).not.toContain(KEYED.idempotencyKey);
    expect(JSON.stringify(shelf)).not.toContain(config);
  });
});
