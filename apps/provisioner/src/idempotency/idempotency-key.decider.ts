import { type Decision, type IdempotencyKeyEvent, idempotencyKeyEvent, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

/** Which request a caller's key stands for, if any. */
export type IdempotencyKeyState =
  | { status: 'free' }
  | { status: 'held'; runnerId: string; requestSha256: string; claimedAt: string };

export type ClaimKey = {
  type: 'ClaimKey';
  runnerId: string;
  requestSha256: string;
  /** A runner that is known to have come to nothing: it frees the key. */
  cameToNothing: string | undefined;
  at: string;
};
export type FreeKey = { type: 'FreeKey'; runnerId: string; at: string };
export type IdempotencyKeyCommand = ClaimKey | FreeKey;

const REMEMBERED_MS = 24 * 3_600_000;

const claim = (
  { runnerId, requestSha256, cameToNothing, at }: ClaimKey,
  key: IdempotencyKeyState,
): Decision<IdempotencyKeyEvent> => {
  const claimed = [idempotencyKeyEvent('IdempotencyKeyClaimed')({ runnerId, requestSha256, claimedAt: at })];
  if (key.status === 'free' || key.runnerId === cameToNothing) return claimed;
  if (Date.parse(at) - Date.parse(key.claimedAt) >= REMEMBERED_MS) return claimed;
  if (key.requestSha256 === requestSha256) return [];
  return refused(
    'idempotency-key-reused',
    'This idempotency key was sent before with another body. Use a new key for a new request.',
  );
};

const free = ({ runnerId, at }: FreeKey, key: IdempotencyKeyState): Decision<IdempotencyKeyEvent> =>
  key.status === 'held' && key.runnerId === runnerId
    ? [idempotencyKeyEvent('IdempotencyKeyFreed')({ runnerId, freedAt: at })]
    : [];

/** One caller's key is one request and one runner, for a day. Nothing recorded = the key has a runner already. */
export const idempotencyKeyDecider: Decider<IdempotencyKeyCommand, IdempotencyKeyState, IdempotencyKeyEvent> =
  {
    initial: { status: 'free' },
    decide: (command, key) => {
      switch (command.type) {
        case 'ClaimKey':
          return claim(command, key);
        case 'FreeKey':
          return free(command, key);
      }
    },
    evolve: (_, event) => {
      switch (event.type) {
        case 'IdempotencyKeyClaimed':
          return { status: 'held', ...event.data };
        case 'IdempotencyKeyFreed':
          return { status: 'free' };
      }
    },
  };
