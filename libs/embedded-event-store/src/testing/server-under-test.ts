import { createRequire } from 'node:module';
import { EventStoreDBClient } from '@eventstore/db-client';
import { credentials } from '@grpc/grpc-js';
import { shared } from '../protocol/generated.js';

const require = createRequire(import.meta.url);
const { StreamsClient }: typeof import('@eventstore/db-client/generated/streams_grpc_pb.js') =
  require('@eventstore/db-client/generated/streams_grpc_pb.js');

const { ServerFeaturesClient }: typeof import('@eventstore/db-client/generated/serverfeatures_grpc_pb.js') =
  require('@eventstore/db-client/generated/serverfeatures_grpc_pb.js');

export type RawStreamsClient = InstanceType<typeof StreamsClient>;

/**
 * A server, and two ways to it. The client keeps its pending appends in a table of its module: one client for
 * all tests of a file.
 */
export interface ServerUnderTest {
  readonly connectionString: string;
  /** False for a real EventStoreDB, which some tests cannot hold to what only ours promises. */
  readonly embedded: boolean;
  readonly client: EventStoreDBClient;
  /** For what the official client cannot be made to send. */
  readonly raw: RawStreamsClient;
  /** `<service>/<method>`, as advertised. */
  supportedMethods(): Promise<string[]>;
  dispose(): Promise<void>;
}

export const connect = (connectionString: string, embedded: boolean): ServerUnderTest => {
  const client = EventStoreDBClient.connectionString(connectionString);
  const { host } = new URL(connectionString);
  const raw = new StreamsClient(host, credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
  });
  return {
    connectionString,
    embedded,
    client,
    raw,
    supportedMethods: () => supportedMethods(host),
    dispose: async () => {
      raw.close();
      await client.dispose();
    },
  };
};

const supportedMethods = (host: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const features = new ServerFeaturesClient(host, credentials.createInsecure());
    features.getSupportedMethods(new shared.Empty(), (error, answer) => {
      features.close();
      if (error) reject(error);
      else
        resolve(
          answer.getMethodsList().map((method) => `${method.getServiceName()}/${method.getMethodName()}`),
        );
    });
  });
