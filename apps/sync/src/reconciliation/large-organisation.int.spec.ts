import { randomUUID } from 'node:crypto';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { type RecordObservation, type RecordUnmanaged, subjects } from '#libs/contracts';
import { createGithub, isCounted, type ObservedCall } from '#libs/github';
import { onEachDatabase } from '#libs/testing';
import { simulatorsHeldToDescriptions } from '../../../../test/simulator/held-to-descriptions.js';
import { SyncMetrics } from '../sync.metrics.js';
import { FakeProvisioner } from '../testing/fake-provisioner.js';
import { openTestDatabase } from '../testing/test-database.js';
import { quiet, trackedLog } from '../testing/tracked-log.js';
import { GithubLookout } from './github-lookout.js';
import { LeftBehind } from './left-behind.js';
import { ObservationReporter } from './observation-reporter.js';
import { ReconcileRunnersJob } from './reconcile-runners.job.js';
import { UnmanagedRunnersReporter } from './unmanaged-runners.reporter.js';

jest.setTimeout(120_000);

const startSimulator = simulatorsHeldToDescriptions();
const OURS = 200;
const STRANGERS = 4_800;
const PAGES = 50;

type Added = { runners: { id: number; name: string }[] };

onEachDatabase('5,000 runners, 200 of them ours', ({ test, newAddress, closing }) => {
  const start = async () => {
    const simulator = await startSimulator();
    closing({ close: () => simulator.stop() });
    const add = async (count: number, name_prefix: string) => {
      const body = JSON.stringify({ count, name_prefix, ephemeral: true });
      const response = await fetch(`${simulator.url}/_simulator/runners`, { method: 'POST', body });
      return ((await response.json()) as Added).runners;
    };
    const { url, app } = simulator;
    let brokenPage: number | undefined;
    const between = createServer((asked, answer) => {
      if (new URL(asked.url ?? '', url).searchParams.get('page') === String(brokenPage)) {
        answer.writeHead(502).end();
        return;
      }
      const { method, headers } = asked;
      const forwarded = request(`${url}${asked.url}`, { method, headers }, (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      });
      asked.pipe(forwarded);
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    closing({
      close: () =>
        new Promise<void>((resolve) => {
          between.close(() => resolve());
          between.closeAllConnections();
        }),
    });
    const calls: ObservedCall[] = [];
    const github = createGithub({
      apiUrl: `http://127.0.0.1:${(between.address() as AddressInfo).port}`,
      webUrl: url,
      org: app.org,
      appId: app.appId,
      installationId: app.installationId,
      privateKey: app.privateKeyPem,
      log: { debug: () => {}, warn: () => {} },
      onCall: (call) => calls.push(call),
    });
    const database = closing(await openTestDatabase(newAddress()));
    const { log, runners, caughtUp } = closing(trackedLog(database));
    await add(STRANGERS / 2, 'before');
    const ours = await add(OURS, 'ours');
    await add(STRANGERS / 2, 'after');
    for (const { id, name } of ours) await log.pendingRunner(randomUUID(), name, id);
    await caughtUp();
    const provisioner = new FakeProvisioner();
    const parts = {
      runners,
      lookout: new GithubLookout(github, runners),
      reporter: new ObservationReporter(provisioner, new SyncMetrics(new Registry()), quiet),
      metrics: new SyncMetrics(new Registry()),
      logger: quiet,
    };
    const reconciliation = new ReconcileRunnersJob({
      ...parts,
      unmanaged: new UnmanagedRunnersReporter(runners, provisioner, quiet),
      leftBehind: new LeftBehind({ runners, bus: provisioner, logger: quiet }),
    });
    const tenure = { observer: randomUUID(), term: 1, signal: new AbortController().signal };
    return {
      simulator,
      ours,
      breakPage: (page: number | undefined) => {
        brokenPage = page;
      },
      observed: () => provisioner.bodiesOf(subjects.recordObservation) as RecordObservation[],
      strangers: () =>
        (provisioner.bodiesOf(subjects.recordUnmanaged) as RecordUnmanaged[]).flatMap((it) => it.runners),
      /** One look, and the calls it made. */
      look: async () => {
        calls.length = 0;
        const end = await reconciliation.run(tenure, 'low');
        const listings = calls.filter(({ operation }) => operation === 'listRunners');
        return { end, listings, counted: calls.filter(isCounted).length };
      },
    };
  };

  test('a look at which nothing has changed costs no request, and a change one', async () => {
    const { simulator, ours, look, observed, strangers } = await start();
    const first = await look();
    expect(first.counted).toBe(PAGES);
    expect(first.end).toMatchObject({ result: { total: OURS, unchanged: OURS, unmanaged: STRANGERS } });
    expect(strangers()).toHaveLength(STRANGERS);

    const second = await look();
    expect(second.counted).toBe(0);
    expect(second.listings.map(({ status }) => status)).toEqual(Array.from({ length: PAGES }, () => 304));
    expect(second.end).toMatchObject({ result: { total: OURS, unchanged: OURS, unmanaged: STRANGERS } });
    expect(strangers()).toHaveLength(STRANGERS);

    const changed = ours[0]?.id;
    await fetch(`${simulator.url}/_simulator/runners/${changed}`, {
      method: 'PATCH',
      body: JSON.stringify({ status: 'online' }),
    });
    const third = await look();
    expect(third.counted).toBe(1);
    expect(observed()).toMatchObject([{ observation: { githubRunnerId: changed, status: 'online' } }]);
  });

  test('when one page cannot be read, nothing is concluded from the others', async () => {
    const { simulator, ours, look, observed, strangers, breakPage } = await start();
    await look();
    for (const { id } of ours.slice(0, 20))
      await fetch(`${simulator.url}/_simulator/runners/${id}`, { method: 'DELETE' });
    const told = strangers().length;
    breakPage(7);
    const { end, listings } = await look();
    expect(end).toMatchObject({ problem: { code: 'github-unavailable' } });
    expect(listings.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 502]));
    expect(observed()).toEqual([]);
    expect(strangers()).toHaveLength(told);
    breakPage(undefined);
    expect((await look()).end).toMatchObject({ result: { deleted: 20, unchanged: OURS - 20 } });
  });
});
