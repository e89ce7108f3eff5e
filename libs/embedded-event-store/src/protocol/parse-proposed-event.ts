import type { AppendReq, BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ProposedEvent } from '../log/recorded-event.js';
import { invalidArgument, requiredMetadataPropertyMissing } from './service-error.js';
import { parseUuid } from './uuid.js';

/** @throws ServiceError when it is incomplete */
export const parseProposedEvent = (
  message: AppendReq.ProposedMessage | BatchAppendReq.ProposedMessage,
): ProposedEvent => {
  const properties = message.getMetadataMap();
  const type = properties.get('type');
  const contentType = properties.get('content-type');
  if (type === undefined) throw requiredMetadataPropertyMissing('type');
  if (contentType === undefined) throw requiredMetadataPropertyMissing('content-type');
  if (type === '') throw invalidArgument('An event type must not be empty.');
  const id = parseUuid(message.getId());
  if (id === undefined) throw invalidArgument('An event id must be a UUID.');
  return {
    id,
    type,
    isJson: contentType === 'application/json',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
};
