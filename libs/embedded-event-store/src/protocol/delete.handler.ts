import type {
  DeleteReq,
  DeleteResp,
  TombstoneReq,
  TombstoneResp,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import type { WriteOutcome } from '../appending/write-request.js';
import { deadlineOf } from './deadline.js';
import type { EventStoreContext } from './event-store-context.js';
import { streams } from './generated.js';
import { parseExpectedRevision } from './parse-expected-revision.js';
import { parseWritableStreamName } from './parse-stream-name.js';
import {
  invalidArgument,
  ServiceError,
  shuttingDown,
  streamDeleted,
  writeFailed,
  writeTimedOut,
  wrongExpectedVersion,
} from './service-error.js';

/** `Streams.Delete`: hides a stream until it is written to again. */
export const deleteHandler =
  (context: EventStoreContext): handleUnaryCall<DeleteReq, DeleteResp> =>
  (call, callback) => {
    remove(context, 'delete', call.request.getOptions(), deadlineOf(call))
      .then((position) =>
        new streams.DeleteResp().setPosition(
          new streams.DeleteResp.Position().setCommitPosition(position).setPreparePosition(position),
        ),
      )
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(context, error)),
      );
  };

/** `Streams.Tombstone`: closes a stream for good. */
export const tombstoneHandler =
  (context: EventStoreContext): handleUnaryCall<TombstoneReq, TombstoneResp> =>
  (call, callback) => {
    remove(context, 'tombstone', call.request.getOptions(), deadlineOf(call))
      .then((position) =>
        new streams.TombstoneResp().setPosition(
          new streams.TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
        ),
      )
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(context, error)),
      );
  };

/** @returns the position of what was written, as text */
const remove = async (
  context: EventStoreContext,
  kind: 'delete' | 'tombstone',
  options: DeleteReq.Options | TombstoneReq.Options | undefined,
  deadline: number,
): Promise<string> => {
  if (context.stopping()) throw shuttingDown();
  if (options === undefined) throw invalidArgument('Options are required.');
  const streamName = parseWritableStreamName(options.getStreamIdentifier());
  const expected = parseExpectedRevision(options);
  return positionOf(streamName, await context.writes.submit({ kind, streamName, expected, deadline }));
};

const positionOf = (streamName: string, outcome: WriteOutcome): string => {
  switch (outcome.outcome) {
    case 'success':
      return String(outcome.position ?? 0);
    case 'wrong-expected-version':
      throw wrongExpectedVersion(streamName, outcome.expected, outcome.current);
    case 'stream-deleted':
      throw streamDeleted(streamName);
    case 'timeout':
      throw writeTimedOut();
    case 'failed':
      throw writeFailed(outcome.reason);
  }
};

const toServiceError = ({ observer }: EventStoreContext, error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  observer.unexpected(error);
  return writeFailed('unexpected error');
};
