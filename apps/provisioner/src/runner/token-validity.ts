/** When a registration token of a runner's was good, without a break. */
export type TokenValidity = { from: string; until: string };

/** Two looks at all runners, as often as they are looked at by default: a registration may be noticed that much later. */
const NOTICED_WITHIN_MS = 10 * 60_000;

/** A machine that is seen then may have registered with a token that was handed out, if only in its last moment. */
export const wasGoodAt = (valid: TokenValidity | undefined, instant: string): boolean =>
  valid !== undefined &&
  valid.from <= instant &&
  Date.parse(instant) <= Date.parse(valid.until) + NOTICED_WITHIN_MS;

/**
 * A fresh token does not make the one before it invalid. After a time without any a new time begins: what registered
 * in between has nothing to do with either.
 */
export const validityAfter = (
  before: TokenValidity | undefined,
  { issuedAt, expiresAt }: { issuedAt: string; expiresAt: string },
): TokenValidity => ({
  from: before !== undefined && issuedAt <= before.until ? before.from : issuedAt,
  until: expiresAt,
});
