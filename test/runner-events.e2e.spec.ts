import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type FeedFollower, followFeed } from './support/feed-follower.js';
import { type System, startSystem, until } from './support/system.js';

const EVENTS = '/api/v1/runners/events';
const COMMENT = 'Tried out in a test';

type Provisioned = { runner_id: string };
type Found = { timeline: { type: string; at: string }[] };

let system: System;
const followers: FeedFollower[] = [];

beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  await system?.stop();
});

const open = (token: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${system.url}${EVENTS}`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(signal ? { signal } : {}),
  });

const follow = (token: string, options?: { after?: string }) => {
  const follower = followFeed((headers, signal) => open(token, headers, signal), options);
  followers.push(follower);
  return follower;
};

/** Provisioned and deleted again; what cannot be done just now is tried again. */
const liveThrough = async (): Promise<string> => {
  const runner = await until('a runner is provisioned', async () => {
    const body = { runner_name_prefix: 'told' };
    const answer = await system.call<Provisioned>('POST', '/api/v1/runners/jit', { body });
    return answer.status === 201 ? answer.body.runner_id : undefined;
  });
  await until('the runner is deleted', async () => {
    const { status, body } = await system.call('DELETE', `/api/v1/runners/${runner}`);
    return status < 300 || body.code === 'already-deleted' ? true : undefined;
  });
  return runner;
};

const untilToldOf = (follower: FeedFollower, runners: readonly string[]) =>
  until('all runners have been told of to their end', async () => {
    const gone = new Set(
      follower.told.filter(({ type }) => type === 'deleted').map(({ runner }) => runner.runner_id),
    );
    return runners.every((runner) => gone.has(runner)) ? true : undefined;
  });

describe('GET /api/v1/runners/events', () => {
  it('tells of a runner in the words of its timeline, each fact once, whatever is killed meanwhile', async () => {
    const { token, admin_token: admin } = system.development;
    const follower = follow(token);
    await until('the stream is open', async () => (follower.connections() > 0 ? true : undefined));

    const runners = [await liveThrough()];
    for (const app of ['dashboard', 'gateway', 'event-store']) {
      const { pid } = system.runFile(app);
      process.kill(pid, 'SIGKILL');
      await until(`${app} is back`, async () => {
        if (system.runFile(app).pid === pid) return undefined;
        return (await fetch(`${system.url}/health/ready`)).status === 200 ? true : undefined;
      });
      runners.push(await liveThrough());
      const before = follower.connections();
      follower.cut();
      runners.push(await liveThrough());
      await until('the follower has come again', async () => follower.connections() > before || undefined);
    }
    await untilToldOf(follower, runners);

    const ids = follower.told.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => (a < b ? -1 : 1)));
    expect(follower.connections()).toBeGreaterThan(3);
    for (const runner of runners) {
      const shown = await until('the timeline holds the end', async () => {
        const { body } = await system.call<Found>('GET', `/api/v1/runners/${runner}`);
        return body.timeline.at(-1)?.type === 'deleted' ? body.timeline : undefined;
      });
      const told = follower.told.filter((entry) => entry.runner.runner_id === runner);
      expect(told.map(({ type, at }) => ({ type, at }))).toEqual(shown.map(({ type, at }) => ({ type, at })));
    }

    const again = follow(admin, { after: '0' });
    await untilToldOf(again, runners);
    const since = again.told.filter(({ id }) => id >= (ids[0] ?? 0n) && id <= (ids.at(-1) ?? 0n));
    expect(since.map(({ id }) => id)).toEqual(ids);
  }, 120_000);

  it('begins at once, is not to be kept, and answers nothing more to HEAD', async () => {
    const { token } = system.development;
    const leave = new AbortController();
    const response = await open(token, {}, leave.signal);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    leave.abort();
    const head = await fetch(`${system.url}${EVENTS}`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
    });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it.each(['x', '-1', '1.5', '99999999999999999999', '9223372036854775807'])(
    'refuses the Last-Event-ID %s',
    async (id) => {
      const response = await open(system.development.token, { 'last-event-id': id });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        code: 'request-invalid',
        type: expect.stringMatching(/^http.*\/problems\/request-invalid$/),
        instance: EVENTS,
        errors: [{ field: 'Last-Event-ID' }],
      });
    },
  );

  it('ends when its caller is deactivated, who is refused from then on', async () => {
    const { admin_token: token } = system.development;
    const email = 'listener@example.test';
    const created = await system.call<{ id: string }>('POST', '/api/v1/admin/users', {
      token,
      body: { email },
    });
    expect(created.status).toBe(201);
    await system.call('GET', '/api/v1/runners?limit=1', { token });
    const { access_token: listener } = await system.simulator<{ access_token: string }>('POST', '/tokens', {
      sub: 'listener',
      email,
    });
    const follower = follow(listener);
    await until('the stream is open', async () => (follower.connections() > 0 ? true : undefined));
    const gone = await system.call('DELETE', `/api/v1/admin/users/${created.body.id}`, {
      token,
      body: { comment: COMMENT },
    });
    expect(gone.status).toBe(200);
    await until('the stream has ended', async () =>
      follower.refusals.includes('403 user-deactivated') ? true : undefined,
    );
  });

  it('does not keep the service from ending', async () => {
    const follower = follow(system.development.token);
    await until('the stream is open', async () => (follower.connections() > 0 ? true : undefined));
    const { pid } = system.runFile('gateway');
    process.kill(pid, 'SIGTERM');
    await until('the gateway has ended and come back', async () =>
      system.runFile('gateway').pid === pid ? undefined : true,
    );
  });
});
