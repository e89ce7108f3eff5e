import type {
  AppendReq,
  BatchAppendReq,
  DeleteReq,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '../appending/expected-revision.js';
import { invalidArgument } from './service-error.js';

interface Cases {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

/** @throws ServiceError when none is given */
export const parseExpectedRevision = (
  options: AppendReq.Options | DeleteReq.Options | TombstoneReq.Options,
): ExpectedRevision => (options.hasRevision() ? BigInt(options.getRevision()) : parseCase(options));

/** The same of a batch append, whose field has another name. @throws ServiceError when none is given */
export const parseExpectedPosition = (options: BatchAppendReq.Options): ExpectedRevision =>
  options.hasStreamPosition() ? BigInt(options.getStreamPosition()) : parseCase(options);

const parseCase = (options: Cases): ExpectedRevision => {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasAny()) return 'any';
  if (options.hasStreamExists()) return 'stream_exists';
  throw invalidArgument('An expected stream revision is required.');
};
