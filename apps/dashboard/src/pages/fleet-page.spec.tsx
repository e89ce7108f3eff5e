import { describe, expect, it } from '@jest/globals';
import type { RunnerView } from '#libs/contracts';
import { age } from './age.js';
import { assetUrl, findAsset } from './assets.js';
import type { FleetPage } from './fleet-page.js';
import { FleetDocument } from './layout.js';
import { queryString, readPageQuery, searchOf } from './page-query.js';

const now = new Date('2026-01-02T00:00:00Z');
const runner: RunnerView = {
  runnerId: '00000000-0000-4000-8000-000000000001',
  runnerName: 'build-1',
  status: 'active',
  state: 'busy',
  runnerGroupId: 1,
  labels: ['linux', 'gpu'],
  ephemeral: true,
  provisioningMethod: 'jit',
  provisionedBy: 'ann@example.com',
  teamName: 'red',
  githubUrl: 'https://github.com/acme',
  createdAt: '2026-01-01T21:00:00Z',
  updatedAt: '2026-01-01T21:00:00Z',
  currentJob: {
    repository: 'acme/shop',
    workflowName: 'CI',
    jobName: 'test',
    runId: 60,
    runAttempt: 1,
    htmlUrl: 'https://github.com/acme/shop/actions/runs/60/job/70',
    startedAt: '2026-01-01T22:00:00Z',
  },
};
const fleet = (given: Partial<FleetPage> = {}): FleetPage => ({
  reader: 'ann@example.com',
  counts: { pending: 1, active: 2, offline: 3, deleted: 44 },
  runners: [runner],
  total: 1,
  query: { page: 1 },
  position: 12n,
  now,
  ...given,
});
const html = async (given: Partial<FleetPage> = {}) => String(await (<FleetDocument fleet={fleet(given)} />));

describe('the page of the fleet', () => {
  it('shows a runner with its job, team, labels and age', async () => {
    const page = await html();
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
    for (const text of [
      'build-1',
      'busy',
      'red',
      'ann@example.com',
      '<li>gpu</li>',
      'acme/shop · test',
      '>3 h<',
    ]) {
      expect(page).toContain(text);
    }
    expect(page).toContain('href="https://github.com/acme/shop/actions/runs/60/job/70"');
  });

  it('shows everything dynamic as text', async () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const job = {
      repository: evil,
      workflowName: evil,
      jobName: evil,
      runId: 1,
      runAttempt: 1,
      startedAt: evil,
    };
    const page = await html({
      reader: evil,
      query: { page: 1, q: evil },
      runners: [
        {
          ...runner,
          runnerId: evil,
          runnerName: evil,
          labels: [evil],
          provisionedBy: evil,
          teamName: evil,
          createdAt: evil,
          currentJob: { ...job, htmlUrl: `https://github.com/${evil}` },
        },
      ],
    });
    const withoutQuoted = page.replace(/"[^"]*"/g, '""');
    expect(withoutQuoted).not.toContain('<img');
    expect(withoutQuoted.match(/<script/g)).toHaveLength(1);
  });

  it('links to nothing but web addresses', async () => {
    const job = runner.currentJob;
    if (!job) throw new Error('the example has a job');
    const page = await html({
      runners: [{ ...runner, currentJob: { ...job, htmlUrl: 'javascript:alert(1)' } }],
    });
    expect(page).not.toContain('javascript:');
    expect(page).toContain('acme/shop · test');
  });

  it('has no inline script or style, and loads only from its own origin', async () => {
    const page = await html();
    expect(page).not.toMatch(/<script(?![^>]* src="\/dashboard\/assets\/)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son[a-z]+=/);
  });

  it('marks the chosen tab, counts what can be seen and leads to further pages', async () => {
    const page = await html({ query: { page: 2, status: 'offline', q: 'a b' }, total: 120 });
    expect(page).toContain('aria-current="page"');
    expect(page).toContain('<span class="count">6</span>');
    expect(page).toContain('href="/dashboard?status=offline&q=a+b"');
    expect(page).toContain('href="/dashboard?status=offline&q=a+b&page=3"');
    expect(page).toContain('hx-sse:connect="/dashboard/events?status=offline&q=a+b&page=2"');
  });

  it('says so when there is nothing to show', async () => {
    expect(await html({ runners: [], total: 0 })).toContain('No runners yet');
    expect(await html({ runners: [], total: 0, query: { page: 1, q: 'x' } })).toContain('No runner fits');
  });
});

describe('what a reader has chosen', () => {
  it('is read leniently: what nobody could have chosen counts as not chosen', () => {
    expect(readPageQuery({ status: 'offline', q: ' a ', page: '3' })).toEqual({
      status: 'offline',
      q: 'a',
      page: 3,
    });
    expect(readPageQuery({ status: 'nonsense', q: ['a'], page: '-1' })).toEqual({ page: 1 });
    expect(queryString({ page: 1 })).toBe('');
  });

  it('becomes a search', () => {
    expect(searchOf({ page: 3, status: 'active', q: 'a' })).toMatchObject({
      limit: 50,
      offset: 100,
      sort: '-created_at',
      status: ['active'],
      nameContains: 'a',
    });
  });
});

describe('age', () => {
  it.each([
    ['2026-01-01T23:59:30Z', 'just now'],
    ['2026-01-01T23:57:30Z', '2 min'],
    ['2026-01-01T20:00:00Z', '4 h'],
    ['2025-12-20T00:00:00Z', '13 d'],
    ['2026-01-03T00:00:00Z', 'just now'],
  ])('of %s is %s', (from, text) => {
    expect(age(from, now)).toBe(text);
  });
});

describe('assets', () => {
  it('have addresses that change with their contents', () => {
    expect(assetUrl('dashboard.js')).toMatch(/^\/dashboard\/assets\/dashboard\.js\?v=[\w-]{16}$/);
    expect(findAsset('dashboard.js')?.body).toContain('htmx');
    expect(findAsset('constructor')).toBeUndefined();
  });
});
