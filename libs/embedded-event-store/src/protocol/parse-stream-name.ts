import type { StreamIdentifier } from '@eventstore/db-client/generated/shared_pb.js';
import { ALL_STREAM } from '../log/system-names.js';
import { accessDenied, invalidArgument } from './service-error.js';

const MAX_STREAM_NAME_BYTES = 4096;

/** @throws ServiceError when it is no name */
export const parseStreamName = (identifier: StreamIdentifier | undefined): string => {
  const bytes = identifier?.getStreamName_asU8() ?? new Uint8Array();
  if (bytes.length === 0) throw invalidArgument('A stream name is required.');
  if (bytes.length > MAX_STREAM_NAME_BYTES) {
    throw invalidArgument(`A stream name has at most ${MAX_STREAM_NAME_BYTES} bytes.`);
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
};

/** @throws ServiceError when nobody may write there */
export const parseWritableStreamName = (identifier: StreamIdentifier | undefined): string => {
  const name = parseStreamName(identifier);
  if (name === ALL_STREAM) throw accessDenied();
  return name;
};
