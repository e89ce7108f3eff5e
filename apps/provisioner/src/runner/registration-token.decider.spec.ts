import { describe, it } from '@jest/globals';
import { runnerEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { runnerDecider } from './runner.decider.js';
import {
  AT,
  cameOnline,
  deleted,
  deletionRequested,
  GITHUB_RUNNER_ID,
  RUNNER,
  registrationTokenIssued,
  requested,
} from './runner.examples.js';

const asked = requested({ provisioningMethod: 'registration_token' });
const registered = runnerEvent('RunnerRegistered')({
  ...RUNNER,
  githubRunnerId: GITHUB_RUNNER_ID,
  labels: ['self-hosted', 'linux', 'x64', 'gpu'],
  registeredAt: AT.online,
});
const wentOffline = runnerEvent('RunnerWentOffline')({ ...RUNNER, seenAt: AT.completed });
const runner = (...facts: Parameters<typeof runnerDecider.evolve>[1][]) =>
  given(runnerDecider, asked, ...facts);
const withToken = (...facts: Parameters<typeof runnerDecider.evolve>[1][]) =>
  runner(registrationTokenIssued(), ...facts);

/** An hour after the first token, which is just over. */
const HOUR_LATER = { issuedAt: AT.expires, expiresAt: '2026-03-01T12:00:01.000Z' };
const hashes = { registrationTokenSha256: 'c'.repeat(64), removalTokenSha256: 'd'.repeat(64) };
const renew = { type: 'RecordRegistrationTokenRenewed', ...hashes, ...HOUR_LATER } as const;
const renewed = runnerEvent('RunnerRegistrationTokenIssued')({ ...RUNNER, ...hashes, ...HOUR_LATER });

describe('fresh tokens', () => {
  it.each([
    ['has not registered', []],
    ['has registered and never connected', [registered]],
    ['is idle', [registered, cameOnline()]],
    ['is busy', [registered, cameOnline(true)]],
    ['is offline', [registered, cameOnline(), wentOffline]],
  ])('are for a runner that %s', (_, facts) =>
    withToken(...facts)
      .when(renew)
      .thenRecorded(renewed),
  );

  it('are as many as are asked for', () => withToken(renewed).when(renew).thenRecorded(renewed));

  it.each([
    ['is being deleted', [deletionRequested()]],
    ['is deleted', [deletionRequested(), deleted('deprovisioned')]],
  ])('are handed to nobody when the runner %s', (_, facts) =>
    withToken(...facts)
      .when(renew)
      .thenRefused('already-deleted'),
  );

  it('are handed to nobody before the first one', () =>
    runner().when(renew).thenRefused('provisioning-in-progress'));

  it('are recorded when GitHub gives none: once per reason and minute', () => {
    const failed = (at: string, reason = 'github-unavailable') =>
      ({ type: 'RecordRegistrationTokenFailed', reason, at }) as const;
    const failure = (failedAt: string, reason = 'github-unavailable') =>
      runnerEvent('RunnerRegistrationTokenFailed')({ ...RUNNER, reason, failedAt });
    const first = '2026-03-01T10:30:00.000Z';
    const sameMinute = '2026-03-01T10:30:59.000Z';
    const nextMinute = '2026-03-01T10:31:00.000Z';
    withToken().when(failed(first)).thenRecorded(failure(first));
    withToken(failure(first)).when(failed(sameMinute)).thenNothing();
    withToken(failure(first)).when(failed(nextMinute)).thenRecorded(failure(nextMinute));
    withToken(failure(first))
      .when(failed(sameMinute, 'github-refused'))
      .thenRecorded(failure(sameMinute, 'github-refused'));
    withToken(deletionRequested(), deleted('deprovisioned')).when(failed(first)).thenNothing();
  });
});

describe('with fresh tokens', () => {
  const expire = (at: string) => ({ type: 'ExpireUnconnected', at }) as const;

  it('a runner that never connected has until their end', () => {
    const over = '2026-03-01T11:30:00.000Z';
    const requestedAt = '2026-03-01T12:30:00.000Z';
    for (const facts of [[], [registered]]) {
      withToken(...facts, renewed)
        .when(expire(over))
        .thenNothing();
      withToken(...facts, renewed)
        .when(expire(requestedAt))
        .thenRecorded(
          runnerEvent('RunnerDeprovisioningRequested')({ ...RUNNER, reason: 'never-connected', requestedAt }),
        );
    }
  });

  it('one that has connected is what it was', () => {
    const seenAt = '2026-03-01T11:30:00.000Z';
    const observation = {
      status: 'online' as const,
      busy: true,
      githubRunnerId: GITHUB_RUNNER_ID,
      labels: ['gpu'],
    };
    const look = { type: 'RecordRunnerObserved' as const, observation, seenAt, at: seenAt };
    withToken(registered, cameOnline(), renewed)
      .when({ ...look, driftAction: 'alert' })
      .thenRecorded(runnerEvent('RunnerBecameBusy')({ ...RUNNER, seenAt }));
  });
});

describe('a host that registers again', () => {
  const ANOTHER_ID = GITHUB_RUNNER_ID + 1;
  const shows = (seenAt: string, { id = ANOTHER_ID, status = 'online' as 'online' | 'offline' } = {}) => ({
    type: 'RecordRunnerObserved' as const,
    observation: { status, busy: false, githubRunnerId: id, labels: ['gpu'] },
    seenAt,
    driftAction: 'alert' as const,
    at: seenAt,
  });
  const inTime = '2026-03-01T10:40:00.000Z';
  const again = runnerEvent('RunnerRegistered')({
    ...RUNNER,
    githubRunnerId: ANOTHER_ID,
    labels: ['gpu'],
    registeredAt: inTime,
  });

  it('has the same runner, with another id, as long as a token is good', () => {
    withToken(registered, cameOnline()).when(shows(inTime)).thenRecorded(again);
    withToken(registered, cameOnline(), wentOffline)
      .when(shows(inTime))
      .thenRecorded(again, cameOnline(false, inTime));
    withToken(registered, cameOnline())
      .when(shows(inTime, { status: 'offline' }))
      .thenRecorded(again, runnerEvent('RunnerWentOffline')({ ...RUNNER, seenAt: inTime }));
    withToken(registered, cameOnline(), again).when(shows('2026-03-01T10:41:00.000Z')).thenNothing();
  });

  it('is not undone by a look from before', () =>
    withToken(registered, cameOnline(), again)
      .when(shows('2026-03-01T10:39:00.000Z', { id: GITHUB_RUNNER_ID }))
      .thenNothing());

  it('is somebody else when no token was good', () =>
    withToken(registered, cameOnline()).when(shows('2026-03-01T11:30:00.000Z')).thenNothing());
});

describe('a machine beyond the first', () => {
  const machine = { githubRunnerId: 77, name: 'other', labels: ['gpu'], status: 'online' as const };
  const turnedUp = (absentAt: string, seenAt: string) =>
    ({ type: 'RecordSurplusSeen', machine, absentAt, seenAt, action: 'remove' }) as const;
  const surplus = (seenAt: string) =>
    runnerEvent('RunnerSurplusMachineSeen')({
      ...RUNNER,
      runnerName: asked.data.runnerName,
      ...(asked.data.teamId === undefined ? {} : { teamId: asked.data.teamId }),
      githubRunnerId: 77,
      surplusName: 'other',
      labels: ['gpu'],
      action: 'remove',
      seenAt,
    });

  it('is one in the hour of the fresh token too, also when it came in the hour before', () => {
    const seenAt = '2026-03-01T11:30:00.000Z';
    withToken(renewed).when(turnedUp('2026-03-01T11:20:00.000Z', seenAt)).thenRecorded(surplus(seenAt));
    withToken(renewed).when(turnedUp(AT.online, seenAt)).thenRecorded(surplus(seenAt));
    withToken(registered, cameOnline(), renewed)
      .when(turnedUp('2026-03-01T11:20:00.000Z', seenAt))
      .thenRecorded(surplus(seenAt));
  });

  it('is none when it came while no token was good', () => {
    const muchLater = runnerEvent('RunnerRegistrationTokenIssued')({
      ...RUNNER,
      ...hashes,
      issuedAt: '2026-03-01T15:00:00.000Z',
      expiresAt: '2026-03-01T16:00:00.000Z',
    });
    const connected = [registered, cameOnline(), muchLater] as const;
    withToken(...connected)
      .when(turnedUp('2026-03-01T13:00:00.000Z', '2026-03-01T15:30:00.000Z'))
      .thenNothing();
    withToken(...connected)
      .when(turnedUp('2026-03-01T15:10:00.000Z', '2026-03-01T15:30:00.000Z'))
      .thenRecorded(surplus('2026-03-01T15:30:00.000Z'));
  });
});
