import type { Code } from '@eventstore/db-client/generated/code_pb.js';
import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { Status } from '@eventstore/db-client/generated/status_pb.js';
import type { BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { status as grpcStatus } from '@grpc/grpc-js';
import type { WriteOutcome } from '../appending/write-request.js';
import { code, google, shared, status, streams } from './generated.js';
import type { ServiceError } from './service-error.js';

/** What every answer to a batch repeats: the client finds the append by the one and names it by the other. */
export interface BatchIdentity {
  readonly correlationId: UUID | undefined;
  readonly streamIdentifier: StreamIdentifier | undefined;
}

export const batchResponse = (batch: BatchIdentity, outcome: WriteOutcome): BatchAppendResp =>
  outcome.outcome === 'success'
    ? respond(batch).setSuccess(success(outcome))
    : respond(batch).setError(failure(batch, outcome));

export const batchTooLarge = (batch: BatchIdentity, maxAppendSize: number): BatchAppendResp =>
  respond(batch).setError(
    problem(
      code.Code.INVALID_ARGUMENT,
      `Maximum append size of ${maxAppendSize} bytes exceeded.`,
      'MaximumAppendSizeExceeded',
      new shared.MaximumAppendSizeExceeded().setMaxappendsize(maxAppendSize),
    ),
  );

/** For a batch that cannot be understood, or goes where nobody may write. */
export const batchRefused = (batch: BatchIdentity, error: ServiceError): BatchAppendResp =>
  respond(batch).setError(
    error.code === grpcStatus.PERMISSION_DENIED
      ? problem(code.Code.PERMISSION_DENIED, error.details, 'AccessDenied', new shared.AccessDenied())
      : problem(
          code.Code.INVALID_ARGUMENT,
          error.details,
          'BadRequest',
          new shared.BadRequest().setMessage(error.details),
        ),
  );

const respond = ({ correlationId, streamIdentifier }: BatchIdentity): BatchAppendResp =>
  new streams.BatchAppendResp()
    .setCorrelationId(correlationId)
    .setStreamIdentifier(streamIdentifier ?? new shared.StreamIdentifier());

const success = ({
  revision,
  position,
}: Extract<WriteOutcome, { outcome: 'success' }>): BatchAppendResp.Success => {
  const message = new streams.BatchAppendResp.Success();
  if (revision === undefined) message.setNoStream(new google.Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new google.Empty());
  return message.setPosition(
    new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );
};

const failure = (batch: BatchIdentity, outcome: Exclude<WriteOutcome, { outcome: 'success' }>): Status => {
  switch (outcome.outcome) {
    case 'wrong-expected-version':
      return problem(
        code.Code.ALREADY_EXISTS,
        'Wrong expected version.',
        'WrongExpectedVersion',
        wrongExpectedVersion(outcome),
      );
    case 'stream-deleted':
      return problem(
        code.Code.NOT_FOUND,
        'Stream deleted.',
        'StreamDeleted',
        new shared.StreamDeleted().setStreamIdentifier(batch.streamIdentifier),
      );
    case 'timeout':
      return problem(code.Code.DEADLINE_EXCEEDED, 'Timeout.', 'Timeout', new shared.Timeout());
    case 'failed':
      return problem(code.Code.UNKNOWN, outcome.reason, 'Unknown', new shared.Unknown());
  }
};

const wrongExpectedVersion = ({
  expected,
  current,
}: Extract<WriteOutcome, { outcome: 'wrong-expected-version' }>): Packable => {
  const message = new shared.WrongExpectedVersion();
  if (current === undefined) message.setCurrentNoStream(new google.Empty());
  else message.setCurrentStreamRevision(String(current));
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new google.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new google.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new google.Empty());
    default:
      return message.setExpectedStreamPosition(String(expected));
  }
};

interface Packable {
  serializeBinary(): Uint8Array;
}

/** The client goes by the type of the details alone. */
const problem = (statusCode: Code, message: string, type: string, details: Packable): Status => {
  const packed = new google.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${type}`);
  return new status.Status().setCode(statusCode).setMessage(message).setDetails(packed);
};
