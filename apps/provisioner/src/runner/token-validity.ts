/** When a registration token of a runner's was good, without a break. */
export type TokenValidity = { from: string; until: string };

/** A machine that turned up then may have registered with a token that was handed out. */
export const wasGoodAt = (valid: TokenValidity | undefined, instant: string): boolean =>
  valid !== undefined && valid.from <= instant && instant <= valid.until;

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
