import type { AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { WriteOutcome } from '../appending/write-request.js';
import { shared, streams } from './generated.js';
import { streamDeleted, writeFailed, writeTimedOut } from './service-error.js';

/** A version conflict is an answer here, everything else that prevents an append an error. @throws ServiceError */
export const appendResponse = (streamName: string, outcome: WriteOutcome): AppendResp => {
  switch (outcome.outcome) {
    case 'success':
      return new streams.AppendResp().setSuccess(success(outcome));
    case 'wrong-expected-version':
      return new streams.AppendResp().setWrongExpectedVersion(wrongExpectedVersion(outcome));
    case 'stream-deleted':
      throw streamDeleted(streamName);
    case 'timeout':
      throw writeTimedOut();
    case 'failed':
      throw writeFailed(outcome.reason);
  }
};

const success = ({
  revision,
  position,
}: Extract<WriteOutcome, { outcome: 'success' }>): AppendResp.Success => {
  const message = new streams.AppendResp.Success();
  if (revision === undefined) message.setNoStream(new shared.Empty());
  else message.setCurrentRevision(String(revision));
  if (position === undefined) return message.setNoPosition(new shared.Empty());
  return message.setPosition(
    new streams.AppendResp.Position()
      .setCommitPosition(String(position))
      .setPreparePosition(String(position)),
  );
};

const wrongExpectedVersion = ({
  expected,
  current,
}: Extract<WriteOutcome, { outcome: 'wrong-expected-version' }>): AppendResp.WrongExpectedVersion => {
  const message = new streams.AppendResp.WrongExpectedVersion();
  if (current === undefined) message.setCurrentNoStream(new shared.Empty());
  else message.setCurrentRevision(String(current));
  switch (expected) {
    case 'any':
      return message.setExpectedAny(new shared.Empty());
    case 'no_stream':
      return message.setExpectedNoStream(new shared.Empty());
    case 'stream_exists':
      return message.setExpectedStreamExists(new shared.Empty());
    default:
      return message.setExpectedRevision(String(expected));
  }
};
