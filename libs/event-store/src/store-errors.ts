import { ErrorType, StreamNotFoundError, WrongExpectedVersionError } from '@eventstore/db-client';
import { Problem } from '#libs/contracts';

/** gRPC status codes that mean "not now": CANCELLED, DEADLINE_EXCEEDED, ABORTED, UNAVAILABLE. */
const OUTAGE_CODES = new Set([1, 4, 10, 14]);
const OUTAGE_TYPES = new Set<unknown>([
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.TIMEOUT,
  ErrorType.NOT_LEADER,
]);
/** Node's words for a connection that went away under a call. */
const OUTAGE_REASONS = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/**
 * True when the store was not to be reached, so that asking again makes sense. While a server is down the client
 * rejects with a raw gRPC error that has a code and no type, so both are looked at.
 */
export const isOutage = (error: unknown): boolean => {
  if (error instanceof Problem) return error.code === 'event-store-unavailable';
  if (typeof error !== 'object' || error === null) return false;
  const { type, code } = error as { type?: unknown; code?: unknown };
  return (
    OUTAGE_TYPES.has(type) || OUTAGE_REASONS.has(code) || (typeof code === 'number' && OUTAGE_CODES.has(code))
  );
};

export const isRevisionConflict = (error: unknown): boolean => error instanceof WrongExpectedVersionError;

export const isStreamNotFound = (error: unknown): boolean => error instanceof StreamNotFoundError;

export const unavailable = (cause: unknown): Problem =>
  new Problem('event-store-unavailable', 'The event store cannot be reached. Try again in a few seconds.', {
    retryAfterSeconds: 2,
    cause,
  });
