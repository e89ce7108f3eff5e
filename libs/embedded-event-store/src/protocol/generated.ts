import { createRequire } from 'node:module';

/**
 * The messages and service definitions that come with the official client. They are CommonJS without names an
 * `import` could see, hence `require`; their types are imported from the same files.
 */
const require = createRequire(import.meta.url);

export const streams: typeof import('@eventstore/db-client/generated/streams_pb.js') =
  require('@eventstore/db-client/generated/streams_pb.js');

export const shared: typeof import('@eventstore/db-client/generated/shared_pb.js') =
  require('@eventstore/db-client/generated/shared_pb.js');

export const code: typeof import('@eventstore/db-client/generated/code_pb.js') =
  require('@eventstore/db-client/generated/code_pb.js');

export const status: typeof import('@eventstore/db-client/generated/status_pb.js') =
  require('@eventstore/db-client/generated/status_pb.js');

export const gossip: typeof import('@eventstore/db-client/generated/gossip_pb.js') =
  require('@eventstore/db-client/generated/gossip_pb.js');

export const serverFeatures: typeof import('@eventstore/db-client/generated/serverfeatures_pb.js') =
  require('@eventstore/db-client/generated/serverfeatures_pb.js');

/** The same copy of the well-known types as the generated messages use. */
const requireOfClient = createRequire(require.resolve('@eventstore/db-client'));

export const google: {
  readonly Any: typeof import('google-protobuf/google/protobuf/any_pb.js').Any;
  readonly Empty: typeof import('google-protobuf/google/protobuf/empty_pb.js').Empty;
  readonly Timestamp: typeof import('google-protobuf/google/protobuf/timestamp_pb.js').Timestamp;
} = {
  Any: requireOfClient('google-protobuf/google/protobuf/any_pb.js').Any,
  Empty: requireOfClient('google-protobuf/google/protobuf/empty_pb.js').Empty,
  Timestamp: requireOfClient('google-protobuf/google/protobuf/timestamp_pb.js').Timestamp,
};

export const { StreamsService }: typeof import('@eventstore/db-client/generated/streams_grpc_pb.js') =
  require('@eventstore/db-client/generated/streams_grpc_pb.js');

export const { GossipService }: typeof import('@eventstore/db-client/generated/gossip_grpc_pb.js') =
  require('@eventstore/db-client/generated/gossip_grpc_pb.js');

export const {
  ServerFeaturesService,
}: typeof import('@eventstore/db-client/generated/serverfeatures_grpc_pb.js') =
  require('@eventstore/db-client/generated/serverfeatures_grpc_pb.js');
