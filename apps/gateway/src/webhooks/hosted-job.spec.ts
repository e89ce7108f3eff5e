import { describe, expect, it } from '@jest/globals';
import { isHostedJob } from './hosted-job.js';

describe('a job of a GitHub-hosted runner', () => {
  it.each([
    ['by its label, before it has a runner', { labels: ['ubuntu-latest'] }],
    ['by the label of a larger image', { labels: ['windows-2025-vs2026'] }],
    ['by its runner', { labels: ['nightly'], runnerName: 'GitHub Actions 1000051' }],
    [
      "by its runner's group",
      { labels: ['ubuntu-latest'], runnerName: 'Hosted Agent', runnerGroupName: 'GitHub Actions' },
    ],
  ])('is known %s', (_, job) => expect(isHostedJob(job)).toBe(true));

  it.each([
    ['asks for self-hosted runners', { labels: ['self-hosted', 'ubuntu-22.04'] }],
    ['asks for a label of ours that looks similar', { labels: ['ubuntu-gpu'] }],
    ['only names a group', { labels: [] }],
    [
      "runs on a runner of ours that bears an image's label",
      { labels: ['ubuntu-22.04'], runnerName: 'gpu-1' },
    ],
    [
      'runs in a group of the same name on a server without hosted runners',
      { labels: ['linux'], runnerName: 'gpu-1', runnerGroupName: 'GitHub Actions' },
    ],
  ])('is not one that %s', (_, job) => expect(isHostedJob(job)).toBe(false));
});
