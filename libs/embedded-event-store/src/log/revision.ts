/** Revision before the first event: the stream has none. */
export const NO_EVENTS = -1;

/**
 * Revision of `$streamDeleted`. EventStoreDB uses 2^63 − 1, beyond what a JavaScript number holds exactly:
 * inside it is 2^53 − 1, and the protocol border translates.
 */
export const TOMBSTONE_REVISION = Number.MAX_SAFE_INTEGER;

/** {@link TOMBSTONE_REVISION} as clients see it. */
export const TOMBSTONE_REVISION_ON_THE_WIRE = 9_223_372_036_854_775_807n;
