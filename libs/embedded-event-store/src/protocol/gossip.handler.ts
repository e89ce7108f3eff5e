import type { ClusterInfo } from '@eventstore/db-client/generated/gossip_pb.js';
import type { Empty } from '@eventstore/db-client/generated/shared_pb.js';
import type { handleUnaryCall } from '@grpc/grpc-js';
import { gossip, shared } from './generated.js';

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * `Gossip.Read`: a cluster of one, which leads it. Asked for by `esdb+discover:` connection strings.
 *
 * @param endpoint where clients reach the server, once it listens
 */
export const gossipHandler =
  (instanceId: string, endpoint: () => Endpoint): handleUnaryCall<Empty, ClusterInfo> =>
  (_call, callback) => {
    const { host, port } = endpoint();
    const member = new gossip.MemberInfo()
      .setInstanceId(new shared.UUID().setString(instanceId))
      .setTimeStamp(`${Date.now()}0000`)
      .setState(gossip.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
    callback(null, new gossip.ClusterInfo().setMembersList([member]));
  };
