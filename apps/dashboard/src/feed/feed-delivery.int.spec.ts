import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Caller } from '#libs/contracts';
import { randomOf } from '#libs/testing';
import {
  type EmbeddedEventStore,
  startEmbeddedEventStore,
} from '../../../../libs/embedded-event-store/src/index.js';
import { eventsOf } from '../../../../test/support/event-reader.js';
import { type FeedFollower, followFeed } from '../../../../test/support/feed-follower.js';
import { until } from '../../../../test/support/system.js';
import { type DashboardUnderTest, ISSUER, startDashboard } from '../testing/dashboard-under-test.js';
import { newRunner, newUser, type RunnerUnderTest } from '../testing/tenancy-facts.js';

const ann: Caller = { issuer: ISSUER, subject: 'ann', emailVerified: false };
/** Thousands of facts, on a machine that is busy otherwise. */
const TOLD_WITHIN_MS = 120_000;
/** More than is held in memory for those who come late. */
const MORE_THAN_RECENT = 2_500;

describe('what a reader of the feed is told', () => {
  let folder: string;
  let server: EmbeddedEventStore;
  let dashboard: DashboardUnderTest;
  let followers: FeedFollower[];
  let userIds: { ann: string; bob: string };

  const startStore = (port = 0) => startEmbeddedEventStore({ file: join(folder, 'log.db'), port });
  const startApp = () => startDashboard(server.connectionString, `sqlite:///${folder}/views.db`);
  const runnerOf = (provisionedBy: string) => newRunner(dashboard.append, { provisionedBy });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rts-feed-'));
    server = await startStore();
    dashboard = await startApp();
    followers = [];
    userIds = {
      ann: await newUser(dashboard.append, 'ann'),
      bob: await newUser(dashboard.append, 'bob'),
    };
    await dashboard.untilShown();
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await dashboard.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const follow = (options?: { after: string }) => {
    const follower = followFeed((headers, signal) => dashboard.openFeed(ann, headers, signal), options);
    followers.push(follower);
    return follower;
  };
  const untilOpen = (follower: FeedFollower) =>
    until('the stream is open', async () => (follower.connections() > 0 ? true : undefined));
  const untilToldAt = (follower: FeedFollower, position: bigint) =>
    until(
      'the last fact has been told of',
      async () => (follower.told.at(-1)?.id === position ? true : undefined),
      { withinMs: TOLD_WITHIN_MS },
    );
  /** Positions of all facts about this runner that are told of. */
  const positionsOf = async ({ runnerId }: RunnerUnderTest): Promise<bigint[]> => {
    const facts = await dashboard.read(`runner-${runnerId}`);
    return facts.filter(({ type }) => type !== 'RunnerProvisioningRequested').map(({ position }) => position);
  };
  const idsOf = ({ told }: FeedFollower) => told.map(({ id }) => id);

  it('each fact once and in order, however often the connection is lost and whatever is restarted', async () => {
    const random = randomOf(7);
    const mine = await runnerOf(userIds.ann);
    const foreign = await runnerOf(userIds.bob);
    const follower = follow({ after: '0' });
    await untilOpen(follower);
    for (let round = 0; round < 60; round += 1) {
      if (round === 20) {
        await dashboard.close();
        dashboard = await startApp();
      }
      if (round === 40) {
        const port = Number(new URL(server.connectionString).port);
        await server.stop();
        server = await startStore(port);
      }
      await foreign.flapIn(dashboard.append, 1 + random.below(3));
      await mine.flapIn(dashboard.append, 1 + random.below(3));
      const before = follower.connections();
      const isCut = random.below(3) === 0;
      if (isCut) follower.cut();
      await sleep(random.below(30));
      if (isCut && random.below(2) === 0)
        await until('it has come again', async () => follower.connections() > before || undefined);
    }
    await untilToldAt(follower, await mine.flapIn(dashboard.append, 1));
    expect(idsOf(follower)).toEqual(await positionsOf(mine));
    expect(follower.connections()).toBeGreaterThan(5);
    expect(follower.refusals.filter((refusal) => !refusal.startsWith('503 '))).toEqual([]);
  }, 300_000);

  it('all of it when more has happened meanwhile than is held, and of what is long past', async () => {
    const mine = await runnerOf(userIds.ann);
    await mine.flap(200);
    const follower = follow({ after: '0' });
    await untilOpen(follower);
    for (let flapped = 0; flapped < MORE_THAN_RECENT; flapped += 500) await mine.flap(250);
    follower.cut();
    await untilToldAt(follower, await mine.flap(1));
    expect(idsOf(follower)).toEqual(await positionsOf(mine));
  }, 300_000);

  it('what happens from now on when they have seen nothing yet, and the runner as the list shows it', async () => {
    const mine = await runnerOf(userIds.ann);
    await mine.flap(3);
    const follower = follow();
    await untilOpen(follower);
    const last = await mine.flap(1);
    await untilToldAt(follower, last);
    expect(follower.told).toMatchObject([
      { type: 'offline', runner: { runner_id: mine.runnerId, provisioning_method: 'jit' } },
      { id: last, type: 'online', at: expect.any(String), runner: { state: 'idle', status: 'active' } },
    ]);
  });

  it('an id to come again with before there is anything to tell', async () => {
    const end = await (await runnerOf(userIds.ann)).flap(1);
    const leave = new AbortController();
    const response = await dashboard.openFeed(ann, {}, leave.signal);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    const { value } = await eventsOf(response).next();
    expect(value).toEqual({ id: String(end), event: undefined, data: undefined });
    leave.abort();
  });

  it('everything after a pause, while what they have not taken fills no memory', async () => {
    const mine = await runnerOf(userIds.ann);
    const responses: ServerResponse[] = [];
    const http = dashboard.app.getHttpServer();
    http.on('request', (_: IncomingMessage, response: ServerResponse) => responses.push(response));
    const socket = connect(Number(new URL(dashboard.url).port), '127.0.0.1');
    socket.pause();
    socket.write(dashboard.feedRequest(ann, { 'last-event-id': '0' }));
    await until('the slow reader has been heard', async () => responses[0]);

    const quick = follow({ after: '0' });
    for (let flapped = 0; flapped < 3 * MORE_THAN_RECENT; flapped += 500) await mine.flap(250);
    await untilToldAt(quick, await mine.flap(1));
    const [slow] = responses;
    await until('the slow reader holds things up', async () => slow?.writableNeedDrain || undefined);
    expect(slow?.writableLength).toBeLessThan(2 * (slow?.writableHighWaterMark ?? 0));

    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.resume();
    const last = quick.told.at(-1)?.id;
    await until(
      'the slow reader has caught up',
      async () => text.includes(`id: ${last}\nevent`) || undefined,
    );
    socket.destroy();
    const ids = [...text.matchAll(/id: (\d+)\r?\n?event: runner/g)].map(([, id]) => BigInt(id ?? -1));
    expect(ids).toEqual(await positionsOf(mine));
  }, 300_000);

  it('the same as 200 others, from one look at the log', async () => {
    const mine = await runnerOf(userIds.ann);
    await dashboard.untilShown();
    const before = dashboard.followings();
    const crowd = Array.from({ length: 200 }, () => follow());
    for (const each of crowd) await untilOpen(each);
    const last = await mine.flap(5);
    for (const each of crowd) await untilToldAt(each, last);
    expect(new Set(crowd.map((each) => idsOf(each).join()))).toEqual(
      new Set([(await positionsOf(mine)).slice(-10).join()]),
    );
    expect(dashboard.followings()).toBe(before);
  }, 300_000);

  it.each(['x', '-1', '1.5', '', '99999999999999999999', '9223372036854775807'])(
    'that %j is no id to come with',
    async (id) => {
      const response = await dashboard.openFeed(ann, { 'last-event-id': id });
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({
        code: 'request-invalid',
        errors: [{ field: 'Last-Event-ID' }],
      });
    },
  );

  it('nothing more once the app ends, which does not wait for them', async () => {
    const events = eventsOf(await dashboard.openFeed(ann));
    await events.next();
    await dashboard.close();
    expect((await events.next()).done).toBe(true);
    dashboard = await startApp();
  });
});
