import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { killDemoRunners, runDemoRunner } from './support/demo-runner.js';
import { keepDown } from './support/kept-down.js';
import { type System, startSystem, until } from './support/system.js';

type Provisioned = { runner_id: string; encoded_jit_config: string };
type Shown = { state: string; deletion_reason?: string; timeline: { type: string }[] };
type Delivery = { id: number; event: string; action: string; status_code: number };
type Deliveries = {
  enabled: boolean;
  accounted_for: number;
  of: number;
  asked_again: number;
  given_up: number;
};

const PATIENCE = { withinMs: 90_000 };

let system: System;
let letStart: (() => Promise<void>) | undefined;
beforeAll(async () => {
  // nobody looks at GitHub: what is known of a job came from a webhook
  system = await startSystem({ SYNC_ENABLED: 'false', DELIVERY_CHECK_INTERVAL_SECONDS: '1' });
  await system.simulator('PATCH', '/switches', { job: { duration_ms: 300 } });
}, 120_000);
afterEach(async () => {
  killDemoRunners();
  await letStart?.();
  letStart = undefined;
}, 120_000);
afterAll(() => system?.stop(), 30_000);

const provision = async () => {
  const { status, body } = await system.call<Provisioned>('POST', '/api/v1/runners/jit', {
    body: { runner_name_prefix: 'told' },
  });
  expect(status).toBe(201);
  return body;
};
const show = async (runnerId: string) =>
  (await system.call<Shown>('GET', `/api/v1/runners/${runnerId}`)).body;
const deliveries = async () =>
  (await system.simulator<{ deliveries: Delivery[] }>('GET', '/deliveries')).deliveries.filter(
    ({ event }) => event === 'workflow_job',
  );

/** The runner does a job; resolves with what GitHub was answered when it told of its three stages. */
const answersAbout = async ({ encoded_jit_config }: Provisioned): Promise<number[]> => {
  const newest = (await deliveries())[0]?.id ?? 0;
  expect(await runDemoRunner(encoded_jit_config)).toMatchObject({ code: 0 });
  const told = await until(
    'GitHub has told of the job',
    async () => {
      const since = (await deliveries()).filter(({ id }) => id > newest);
      return new Set(since.map(({ action }) => action)).size === 3 ? since : undefined;
    },
    PATIENCE,
  );
  return told.map(({ status_code }) => status_code);
};
const letItStart = async () => {
  const start = letStart;
  letStart = undefined;
  await start?.();
};
const jobIsKnownOnce = async (runnerId: string) => {
  const shown = await until(
    'the job has taken effect',
    async () => {
      const now = await show(runnerId);
      return now.state === 'deleted' ? now : undefined;
    },
    PATIENCE,
  );
  const count = (type: string) => shown.timeline.filter((entry) => entry.type === type).length;
  expect({
    reason: shown.deletion_reason,
    completed: count('job_completed'),
    deleted: count('deleted'),
  }).toEqual({ reason: 'job-completed', completed: 1, deleted: 1 });
  // its end may be told first
  expect(count('job_started')).toBeLessThanOrEqual(1);
};
const allAreAccountedFor = (askedAgain: number) =>
  until(
    'all deliveries are accounted for',
    async () => {
      const { body } = await system.call<{ deliveries: Deliveries }>('GET', '/api/v1/admin/sync/status', {
        token: system.development.admin_token,
      });
      const { enabled, accounted_for, of, asked_again, given_up } = body.deliveries;
      const complete = enabled && of > 0 && accounted_for === of && given_up === 0;
      return complete && asked_again >= askedAgain ? of : undefined;
    },
    PATIENCE,
  );

type Figures = { missing: string[]; projections: { status: string }[] };
/** Meanwhile an administrator is told what is wrong; on a busy machine others may be late now and then. */
const figuresShow = (what: string, isShown: (figures: Figures) => boolean) =>
  until(
    `the figures show that ${what}`,
    async () => {
      const { status, body } = await system.call<Figures>('GET', '/api/v1/admin/stats', {
        token: system.development.admin_token,
      });
      return status === 200 && isShown(body) ? true : undefined;
    },
    PATIENCE,
  );
const areMissing =
  (...apps: string[]) =>
  ({ missing }: Figures) =>
    missing.join() === apps.join();

const isAcknowledged = (status: number) => status >= 200 && status < 300;

describe('a job GitHub tells of', () => {
  it('while sync is down is refused, asked for again, and takes effect once', async () => {
    const runner = await provision();
    letStart = keepDown(system, 'sync');
    expect((await answersAbout(runner)).filter(isAcknowledged)).toEqual([]);
    expect((await show(runner.runner_id)).state).toBe('pending');
    await figuresShow('sync is away', areMissing('sync'));
    await letItStart();
    await jobIsKnownOnce(runner.runner_id);
    expect(await allAreAccountedFor(3)).toBeGreaterThanOrEqual(3);
  }, 300_000);

  it('while the provisioner is down is accepted, and takes effect when it is back', async () => {
    const runner = await provision();
    letStart = keepDown(system, 'provisioner');
    expect(await answersAbout(runner)).toEqual([202, 202, 202]);
    // sync asks the provisioner who may see its figures
    await figuresShow('both are away', areMissing('provisioner', 'sync'));
    await letItStart();
    await jobIsKnownOnce(runner.runner_id);
  }, 300_000);

  it('while the store is down is refused, and nothing acknowledged is lost', async () => {
    const before = await provision();
    expect(await answersAbout(before)).toEqual([202, 202, 202]);
    const runner = await provision();
    letStart = keepDown(system, 'event-store');
    expect((await answersAbout(runner)).filter(isAcknowledged)).toEqual([]);
    await figuresShow(
      'no view can follow the log',
      ({ missing, projections }) =>
        missing.length === 0 && projections.every(({ status }) => status === 'interrupted'),
    );
    await letItStart();
    await jobIsKnownOnce(runner.runner_id);
    await jobIsKnownOnce(before.runner_id);
    await allAreAccountedFor(3);
  }, 300_000);
});
