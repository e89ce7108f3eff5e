import type { SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { serverFeatures } from './generated.js';

/** The release whose behaviour this server follows. */
const SERVER_VERSION = '24.10.0';

const STREAMS = 'event_store.client.streams.streams';

/** Only what is there: the client takes other ways for what is missing. */
const METHODS: ReadonlyArray<readonly [service: string, method: string, features: readonly string[]]> = [
  [STREAMS, 'read', ['position', 'events']],
  [STREAMS, 'append', []],
  [STREAMS, 'batchappend', []],
  [STREAMS, 'delete', []],
  [STREAMS, 'tombstone', []],
  ['event_store.client.gossip.gossip', 'read', []],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods', []],
];

/** `ServerFeatures.GetSupportedMethods`: the client's first question. */
export const supportedMethodsHandler: handleUnaryCall<Empty, SupportedMethods> = (_call, callback) => {
  const methods = METHODS.map(([service, method, features]) =>
    new serverFeatures.SupportedMethod()
      .setServiceName(service)
      .setMethodName(method)
      .setFeaturesList([...features]),
  );
  callback(
    null,
    new serverFeatures.SupportedMethods().setMethodsList(methods).setEventStoreServerVersion(SERVER_VERSION),
  );
};
