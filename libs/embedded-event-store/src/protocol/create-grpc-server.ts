import { randomUUID } from 'node:crypto';
import { Server } from '@grpc/grpc-js';
import { appendHandler } from './append.handler.js';
import { batchAppendHandler } from './batch-append.handler.js';
import { deleteHandler, tombstoneHandler } from './delete.handler.js';
import type { EventStoreContext } from './event-store-context.js';
import { GossipService, ServerFeaturesService, StreamsService } from './generated.js';
import { type Endpoint, gossipHandler } from './gossip.handler.js';
import { readHandler } from './read.handler.js';
import { supportedMethodsHandler } from './server-features.handler.js';

const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** Read answers are encoded by hand, so the generated serializer has nothing left to do. */
const READ = { ...StreamsService.read, responseSerialize: (message: Buffer): Buffer => message };

/** All calls this server has; any other ends UNIMPLEMENTED. */
export const createGrpcServer = (context: EventStoreContext, endpoint: () => Endpoint): Server => {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': -1,
  });
  server.addService(
    { ...StreamsService, read: READ },
    {
      read: readHandler(context),
      append: appendHandler(context),
      batchAppend: batchAppendHandler(context),
      delete: deleteHandler(context),
      tombstone: tombstoneHandler(context),
    },
  );
  server.addService(ServerFeaturesService, { getSupportedMethods: supportedMethodsHandler });
  server.addService(GossipService, { read: gossipHandler(randomUUID(), endpoint) });
  return server;
};
