import { describe, it } from '@jest/globals';
import { type IdempotencyKeyEvent, idempotencyKeyEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { idempotencyKeyDecider } from './idempotency-key.decider.js';

const FIRST = '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01';
const SECOND = '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c02';
const BODY = 'a'.repeat(64);
const OTHER_BODY = 'b'.repeat(64);
const AT = '2026-03-01T10:00:00.000Z';
const A_DAY_LATER = '2026-03-02T10:00:00.000Z';

const claimed = (runnerId: string, requestSha256 = BODY, claimedAt = AT) =>
  idempotencyKeyEvent('IdempotencyKeyClaimed')({ runnerId, requestSha256, claimedAt });
const freed = (runnerId: string) => idempotencyKeyEvent('IdempotencyKeyFreed')({ runnerId, freedAt: AT });

const key = (...facts: readonly IdempotencyKeyEvent[]) => given(idempotencyKeyDecider, ...facts);
const claim = (runnerId: string, more: { body?: string; at?: string; cameToNothing?: string } = {}) =>
  ({
    type: 'ClaimKey',
    runnerId,
    requestSha256: more.body ?? BODY,
    cameToNothing: more.cameToNothing,
    at: more.at ?? AT,
  }) as const;

describe('an idempotency key', () => {
  it('stands for the first request', () => key().when(claim(FIRST)).thenRecorded(claimed(FIRST)));
  it('keeps standing for it', () => key(claimed(FIRST)).when(claim(SECOND)).thenNothing());
  it('is not used for another body', () =>
    key(claimed(FIRST))
      .when(claim(SECOND, { body: OTHER_BODY }))
      .thenRefused('idempotency-key-reused'));
  it('is forgotten after a day', () =>
    key(claimed(FIRST))
      .when(claim(SECOND, { body: OTHER_BODY, at: A_DAY_LATER }))
      .thenRecorded(claimed(SECOND, OTHER_BODY, A_DAY_LATER)));
  it('is free again when its runner came to nothing', () =>
    key(claimed(FIRST))
      .when(claim(SECOND, { cameToNothing: FIRST }))
      .thenRecorded(claimed(SECOND)));
  it('is not taken from a runner that has it meanwhile', () =>
    key(claimed(FIRST), claimed(SECOND))
      .when(claim(FIRST, { cameToNothing: FIRST }))
      .thenNothing());
  it('is given back by its runner', () =>
    key(claimed(FIRST)).when({ type: 'FreeKey', runnerId: FIRST, at: AT }).thenRecorded(freed(FIRST)));
  it('is given back by nobody else', () =>
    key(claimed(FIRST)).when({ type: 'FreeKey', runnerId: SECOND, at: AT }).thenNothing());
});
