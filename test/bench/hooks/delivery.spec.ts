import { describe, expect, it } from '@jest/globals';
import { verify } from '@octokit/webhooks-methods';
import { deliveries } from './delivery.js';

const installation = { org: 'octo-org', id: 5678, appId: 1234 };
const deliver = deliveries('a secret', installation);

describe('a delivery', () => {
  it.each(['queued', 'in_progress', 'completed'] as const)('%s is as large as one of GitHub', (action) => {
    const { body } = deliver({ guid: 'g-1', jobId: 1, action, runner: { id: 7, name: 'gpu-1' } });
    expect(body.length).toBeGreaterThan(9_000);
    expect(body.length).toBeLessThan(13_000);
  });

  it('is signed', async () => {
    const { headers, body } = deliver({ guid: 'g-1', jobId: 1, action: 'queued' });
    expect(await verify('a secret', body.toString(), headers['x-hub-signature-256'] ?? '')).toBe(true);
    expect(headers['content-length']).toBe(String(body.length));
  });

  it('tells of one job and one runner', () => {
    const runner = { id: 10_450, name: 'gpu-1' };
    const { headers, body } = deliver({
      guid: 'g-2',
      jobId: 900_000_000_000_123,
      action: 'in_progress',
      runner,
    });
    const { action, workflow_job: job, installation: source } = JSON.parse(body.toString());
    expect(headers['x-github-delivery']).toBe('g-2');
    expect({ action, source: source.id }).toEqual({ action: 'in_progress', source: 5678 });
    expect(job).toMatchObject({ id: 900_000_000_000_123, runner_id: 10_450, runner_name: 'gpu-1' });
    expect(job.html_url).toMatch(/\/job\/900000000000123$/);
  });

  it('that nobody has taken has no runner', () => {
    const { body } = deliver({ guid: 'g-3', jobId: 5, action: 'queued' });
    expect(JSON.parse(body.toString()).workflow_job).toMatchObject({
      id: 5,
      runner_id: null,
      runner_name: null,
    });
  });
});
