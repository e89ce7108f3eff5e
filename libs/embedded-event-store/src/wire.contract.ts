import { allSubscriptionContract } from './contract/all-subscription.contract.js';
import { appendContract } from './contract/append.contract.js';
import { appendTableContract } from './contract/append-table.contract.js';
import { batchAppendContract } from './contract/batch-append.contract.js';
import { deleteContract } from './contract/delete.contract.js';
import { errorContract } from './contract/error.contract.js';
import { metadataContract } from './contract/metadata.contract.js';
import { protocolContract } from './contract/protocol.contract.js';
import { readContract } from './contract/read.contract.js';
import { subscriptionContract } from './contract/subscription.contract.js';
import type { ServerUnderTest } from './testing/server-under-test.js';

/** What a server must do for the official client to find an EventStoreDB in it. */
export const wireContract = (server: () => ServerUnderTest): void => {
  protocolContract(server);
  appendContract(server);
  appendTableContract(server);
  batchAppendContract(server);
  readContract(server);
  subscriptionContract(server);
  allSubscriptionContract(server);
  deleteContract(server);
  metadataContract(server);
  errorContract(server);
};
