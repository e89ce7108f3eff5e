import type { Caller } from '#libs/contracts';

/** As long as the token would still be taken for a request. */
const LEEWAY_MS = 30_000;
/** When a token's issuer says nothing that has come as far as this. */
const UNKNOWN_END_MS = 3_600_000;
/** The longest a timer can wait. */
const MOST_MS = 2 ** 31 - 1;

/** Says when the caller's token has expired: what was granted on its word ends with it. */
export const tokenEnd = (caller: Caller, onExpired: () => void): NodeJS.Timeout | undefined => {
  const remainingMs = remainingOf(caller);
  return remainingMs === undefined
    ? undefined
    : setTimeout(onExpired, Math.min(Math.max(remainingMs, 0), MOST_MS)).unref();
};

/** Undefined for a caller who needs no token. */
const remainingOf = ({ claims }: Caller): number | undefined => {
  if (claims === undefined) return undefined;
  const { exp } = claims;
  return typeof exp === 'number' ? exp * 1000 + LEEWAY_MS - Date.now() : UNKNOWN_END_MS;
};
