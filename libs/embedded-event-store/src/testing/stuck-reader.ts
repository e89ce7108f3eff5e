import { once } from 'node:events';
import { connect } from 'node:http2';
import { shared, streams } from '../protocol/generated.js';

/**
 * A client that asks for all of `$all` and reads nothing but the answer's headers: its HTTP/2 window fills, and
 * the server can send no more.
 */
export const openStuckReader = async (host: string): Promise<{ close(): void }> => {
  const options = new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setStart(new shared.Empty()))
    .setSubscription(new streams.ReadReq.Options.SubscriptionOptions())
    .setNoFilter(new shared.Empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  const message = new streams.ReadReq().setOptions(options).serializeBinary();
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);

  const session = connect(`http://${host}`);
  session.on('error', () => undefined);
  const call = session.request({
    ':method': 'POST',
    ':path': '/event_store.client.streams.Streams/Read',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  call.on('error', () => undefined);
  call.end(frame);
  await once(call, 'response');
  return { close: () => session.destroy() };
};
