import { describe, it } from '@jest/globals';
import { type TeamNameEvent, teamNameEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { teamNameClaim } from '../team/team-name.claim.js';
import { claimDecider } from './claim.decider.js';

const ALPHA = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';
const BETA = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a03';
const AT = '2026-03-01T10:00:00.000Z';

const claimed = (teamId: string) =>
  teamNameEvent('TeamNameClaimed')({ name: 'builders', teamId, claimedAt: AT });
const released = (teamId: string) => teamNameEvent('TeamNameReleased')({ teamId, releasedAt: AT });
const name = (...facts: readonly TeamNameEvent[]) => given(claimDecider(teamNameClaim('builders')), ...facts);
const claim = (holder: string, more: { idle?: number; anew?: boolean } = {}) =>
  ({ type: 'Claim', holder, at: AT, ...more }) as const;
const release = (holder: string, more: { holding?: number } = {}) =>
  ({ type: 'ReleaseClaim', holder, at: AT, ...more }) as const;

describe('what only one may have', () => {
  it('is whose who asks first', () => name().when(claim(ALPHA)).thenRecorded(claimed(ALPHA)));
  it('is not given twice to the same', () => name(claimed(ALPHA)).when(claim(ALPHA)).thenNothing());
  it('is refused to others', () => name(claimed(ALPHA)).when(claim(BETA)).thenRefused('already-exists'));
  it('is free again once given back', () =>
    name(claimed(ALPHA), released(ALPHA)).when(claim(BETA)).thenRecorded(claimed(BETA)));
  it('can only be given back by its holder', () => name(claimed(ALPHA)).when(release(BETA)).thenNothing());
  it('is not given back twice', () =>
    name(claimed(ALPHA), released(ALPHA)).when(release(ALPHA)).thenNothing());
  it('may be taken over from somebody who does not use it', () =>
    name(claimed(ALPHA))
      .when(claim(BETA, { idle: 1 }))
      .thenRecorded(claimed(BETA)));
  it('is not taken over from whoever has it meanwhile', () =>
    name(claimed(ALPHA), released(ALPHA), claimed(BETA))
      .when(claim(ALPHA, { idle: 1 }))
      .thenRefused('already-exists'));
  it('is not taken over from who holds it anew', () =>
    name(claimed(ALPHA), claimed(ALPHA))
      .when(claim(BETA, { idle: 1 }))
      .thenRefused('already-exists'));
  it('is held anew by who is about to use it again', () =>
    name(claimed(ALPHA))
      .when(claim(ALPHA, { anew: true }))
      .thenRecorded(claimed(ALPHA)));
  it('is given back as the holding that was meant', () =>
    name(claimed(ALPHA))
      .when(release(ALPHA, { holding: 1 }))
      .thenRecorded(released(ALPHA)));
  it('stays with who holds it anew', () =>
    name(claimed(ALPHA), claimed(ALPHA))
      .when(release(ALPHA, { holding: 1 }))
      .thenNothing());
});
