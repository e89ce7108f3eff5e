import { Metadata, type StatusObject, status } from '@grpc/grpc-js';
import type { ExpectedRevision } from '../appending/expected-revision.js';
import { printable } from './printable.js';

/** A call that ends in a gRPC status other than OK, with the trailers the official client reads. */
export class ServiceError extends Error implements StatusObject {
  readonly metadata = new Metadata();

  constructor(
    readonly code: status,
    readonly details: string,
    trailers: Readonly<Record<string, string>> = {},
  ) {
    super(details);
    this.name = 'ServiceError';
    for (const [name, value] of Object.entries(trailers)) this.metadata.set(name, printable(value));
  }
}

export const invalidArgument = (details: string): ServiceError =>
  new ServiceError(status.INVALID_ARGUMENT, details);

export const streamDeleted = (streamName: string): ServiceError =>
  new ServiceError(status.FAILED_PRECONDITION, `Event stream '${streamName}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': streamName,
  });

export const accessDenied = (): ServiceError =>
  new ServiceError(status.PERMISSION_DENIED, 'Access denied.', { exception: 'access-denied' });

export const maximumAppendSizeExceeded = (maxAppendSize: number): ServiceError =>
  new ServiceError(status.INVALID_ARGUMENT, `Maximum append size of ${maxAppendSize} bytes exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxAppendSize),
  });

export const requiredMetadataPropertyMissing = (missing: string): ServiceError =>
  new ServiceError(status.INVALID_ARGUMENT, `Required metadata property missing: ${missing}.`, {
    exception: 'missing-required-metadata-property',
    'required-metadata-properties': 'type,content-type',
  });

/** For Delete and Tombstone; an append answers a version conflict in its response. */
export const wrongExpectedVersion = (
  streamName: string,
  expected: ExpectedRevision,
  current: number | undefined,
): ServiceError => {
  const expectedVersion = versionNumber(expected);
  const actualVersion = String(current ?? -1);
  return new ServiceError(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${streamName}, Expected version: ${expectedVersion}, Actual version: ${actualVersion}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': streamName,
      'expected-version': expectedVersion,
      'actual-version': actualVersion,
    },
  );
};

export const writeTimedOut = (): ServiceError => new ServiceError(status.ABORTED, 'Operation timed out.');

export const writeFailed = (reason: string): ServiceError =>
  new ServiceError(status.UNAVAILABLE, `The event store could not write: ${reason}`);

export const shuttingDown = (): ServiceError =>
  new ServiceError(status.UNAVAILABLE, 'The event store is shutting down.');

/** How a real node ends the calls that are open when it stops. */
export const endedByShutdown = (): ServiceError =>
  new ServiceError(status.CANCELLED, 'The event store is shutting down.');

/** The client's parser takes numbers only. */
const versionNumber = (expected: ExpectedRevision): string => {
  switch (expected) {
    case 'any':
      return '-2';
    case 'no_stream':
      return '-1';
    case 'stream_exists':
      return '-4';
    default:
      return String(expected);
  }
};
