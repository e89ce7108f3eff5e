import { expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { FakeGithub } from './fake.github.js';
import { publishBudget } from './publish-budget.js';

const shown = async () =>
  (await register.metrics()).split('\n').filter((line) => line.startsWith('rts_github_budget'));

it('is shown as soon as GitHub has told of it', async () => {
  const github = publishBudget(new FakeGithub());
  expect(await shown()).toEqual([]);
  const seenAt = new Date();
  const resetAt = new Date(seenAt.getTime() + 60_000);
  github.setBudget({ limit: 15_000, remaining: 4_500, resetAt, seenAt });
  const [limit, remaining, reset = ''] = await shown();
  expect([limit, remaining]).toEqual(['rts_github_budget_limit 15000', 'rts_github_budget_remaining 4500']);
  expect(Number(reset.split(' ')[1])).toBeGreaterThan(30);
  github.setBudget('unknown');
  expect(await shown()).toEqual([]);
});
