import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { type handleServerStreamingCall, type ServerWritableStream, status } from '@grpc/grpc-js';
import { readAll } from '../reading/read-all.js';
import type { ReadQuery } from '../reading/read-query.js';
import type { ReadSink } from '../reading/read-sink.js';
import { readStream } from '../reading/read-stream.js';
import { StreamDeletedError } from '../reading/stream-deleted.error.js';
import { subscribeToAll } from '../subscriptions/subscribe-to-all.js';
import { subscribeToStream } from '../subscriptions/subscribe-to-stream.js';
import { CallSink } from './call-sink.js';
import type { EventStoreContext } from './event-store-context.js';
import { parseReadQuery } from './parse-read-query.js';
import { endedByShutdown, ServiceError, shuttingDown, streamDeleted } from './service-error.js';

type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** `Streams.Read`: reads and catch-up subscriptions. */
export const readHandler =
  (context: EventStoreContext): handleServerStreamingCall<ReadReq, Buffer> =>
  (call) => {
    const over = new AbortController();
    let stopped = false;
    const forget = context.calls.add(() => {
      stopped = true;
      over.abort();
    });
    const abandon = (): void => over.abort();
    call.on('cancelled', abandon);
    call.on('close', abandon);

    serve(context, call, over.signal)
      .then(() => (stopped ? fail(call, endedByShutdown()) : call.end()))
      .catch((error: unknown) => fail(call, toServiceError(context, error)))
      .finally(forget);
  };

const serve = async (context: EventStoreContext, call: ReadCall, signal: AbortSignal): Promise<void> => {
  if (context.stopping()) throw shuttingDown();
  const { query, uuids } = parseReadQuery(call.request);
  const sink = new CallSink(call, uuids, signal, () => context.observer.eventDelivered());
  const subscribes = query.kind === 'stream-subscription' || query.kind === 'all-subscription';
  if (subscribes) context.observer.subscriptionOpened();
  try {
    await answer(context, query, sink);
  } finally {
    if (subscribes) context.observer.subscriptionClosed();
  }
};

const answer = ({ live }: EventStoreContext, query: ReadQuery, sink: ReadSink): Promise<void> => {
  switch (query.kind) {
    case 'stream-read':
      return readStream(live.log, query, sink);
    case 'all-read':
      return readAll(live.log, query, sink);
    case 'stream-subscription':
      return subscribeToStream(live, query, sink);
    case 'all-subscription':
      return subscribeToAll(live, query, sink);
  }
};

const fail = (call: ReadCall, error: ServiceError): void => {
  call.emit('error', error);
};

const toServiceError = ({ observer }: EventStoreContext, error: unknown): ServiceError => {
  if (error instanceof ServiceError) return error;
  if (error instanceof StreamDeletedError) return streamDeleted(error.streamName);
  observer.unexpected(error);
  return new ServiceError(status.UNKNOWN, 'The event store could not read.');
};
