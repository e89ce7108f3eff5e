import { randomUUID } from 'node:crypto';
import { expect, jest } from '@jest/globals';
import { onEachDatabase } from '#libs/testing';
import { openTestDatabase } from '../testing/test-database.js';
import { trackedLog } from '../testing/tracked-log.js';

jest.setTimeout(20_000);
const DAY_MS = 86_400_000;

onEachDatabase('the runners that are looked after', ({ test, newAddress, closing }) => {
  const start = async () => {
    const database = closing(await openTestDatabase(newAddress()));
    return closing(trackedLog(database));
  };
  const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).sort();

  test('are found by what has to be done about them', async () => {
    const { log, runners, caughtUp } = await start();
    const [claimed, requested, pending, expired, idle, ended, holding] = Array.from(
      { length: 7 },
      randomUUID,
    );
    await log.claimName(String(claimed), 'claimed');
    await log.claimName(String(requested), 'requested');
    await log.requested(String(requested), 'requested');
    await log.pendingRunner(String(pending), 'pending', 1);
    await log.requested(String(expired), 'expired');
    await log.jitConfigIssued(String(expired), 2, { expiresAt: '2026-01-01T00:00:00.000Z' });
    await log.pendingRunner(String(idle), 'idle', 3);
    await log.cameOnline(String(idle));
    for (const [runnerId, name, id] of [
      [String(ended), 'ended', 4],
      [String(holding), 'holding', 5],
    ] as const) {
      await log.pendingRunner(runnerId, name, id);
      await log.deleted(runnerId);
    }
    await log.releaseName(String(ended), 'ended');
    await caughtUp();

    expect(ids(await runners.pending())).toEqual([pending, expired].sort());
    expect(ids(await runners.atGithub())).toEqual([pending, expired, idle].sort());
    expect(ids(await runners.unsettled(new Date(), DAY_MS))).toEqual(
      [claimed, requested, expired, holding].sort(),
    );
    expect(await runners.knownGithubIds([1, 4, 99])).toEqual(new Set([1, 4]));
  });

  test('are looked after when they are offline for long, or their job is to be cancelled', async () => {
    const { log, runners, caughtUp } = await start();
    const [offline, cancelling, cancelled] = [randomUUID(), randomUUID(), randomUUID()];
    for (const [index, runnerId] of [offline, cancelling, cancelled].entries())
      await log.pendingRunner(runnerId, `gpu-${index}`, index + 1);
    await log.wentOffline(offline);
    for (const runnerId of [cancelling, cancelled]) {
      await log.jobStarted(runnerId, 7);
      await log.cancellationRequested(runnerId, 7);
    }
    await log.jobCompleted(cancelled, 7);
    await caughtUp();
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(ids(await runners.unsettled(inAnHour, 60_000))).toEqual([offline, cancelling].sort());
    expect(ids(await runners.unsettled(inAnHour, DAY_MS))).toEqual([cancelling]);
  });

  test('are unsettled while they have ended and hold a slot, of a team or of a user', async () => {
    const { log, runners, caughtUp } = await start();
    const [ofTeam, ofUser, done] = [randomUUID(), randomUUID(), randomUUID()];
    const [teamId, userId] = [randomUUID(), randomUUID()];
    await log.reserveSlot(ofTeam, teamId);
    await log.reserveUserSlot(ofUser, userId);
    await log.reserveUserSlot(done, userId);
    for (const [index, runnerId] of [ofTeam, ofUser, done].entries()) {
      await log.pendingRunner(runnerId, `gpu-${index}`, index + 1);
      await log.deleted(runnerId);
      await log.releaseName(runnerId, `gpu-${index}`);
    }
    await log.releaseUserSlot(done, userId);
    await caughtUp();
    expect(ids(await runners.unsettled(new Date(), DAY_MS))).toEqual([ofTeam, ofUser].sort());
  });

  test('are forgotten when they have ended long ago and hold nothing', async () => {
    const { log, runners, caughtUp, row } = await start();
    const [ended, holding, alive] = [randomUUID(), randomUUID(), randomUUID()];
    const teamId = randomUUID();
    for (const [index, runnerId] of [ended, holding, alive].entries()) {
      await log.reserveSlot(runnerId, teamId);
      await log.pendingRunner(runnerId, `gpu-${index}`, index + 1);
    }
    await log.deleted(ended);
    await log.releaseName(ended, 'gpu-0');
    await log.releaseSlot(ended, teamId);
    await log.deleted(holding);
    await log.releaseName(holding, 'gpu-1');
    await caughtUp();

    await runners.forgetEndedBefore(new Date(Date.now() - 60_000));
    expect(await row(ended)).toMatchObject({ state: 'ended' });
    await runners.forgetEndedBefore(new Date(Date.now() + 60_000));
    expect(await row(ended)).toBeNull();
    expect(await row(holding)).toMatchObject({ state: 'ended', slotHeldSince: expect.any(Date) });
    expect(await row(alive)).toMatchObject({ state: 'pending' });
  });
});
