import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import { parseEventId } from '../log/event-id.js';

/** How a reader wants its event ids. */
export type UuidForm = 'string' | 'structured';

/** The 16 bytes of a UUID in either form; undefined when it is none. */
export const parseUuid = (uuid: UUID | undefined): Uint8Array | undefined => {
  const structured = uuid?.getStructured();
  if (structured === undefined) return uuid === undefined ? undefined : parseEventId(uuid.getString());
  const bytes = Buffer.alloc(16);
  bytes.writeBigInt64BE(BigInt(structured.getMostSignificantBits()), 0);
  bytes.writeBigInt64BE(BigInt(structured.getLeastSignificantBits()), 8);
  return bytes;
};
