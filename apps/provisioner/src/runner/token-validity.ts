/** When a registration token of a runner's was good, without a break. */
export type TokenValidity = { from: string; until: string };

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
