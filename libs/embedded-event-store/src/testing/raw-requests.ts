import type {
  AppendReq,
  AppendResp,
  BatchAppendReq,
  BatchAppendResp,
  DeleteReq,
  ReadReq,
  ReadResp,
  TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb.js';
import type { ClientDuplexStream, ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { google, shared, streams } from '../protocol/generated.js';
import type { RawStreamsClient } from './server-under-test.js';

/** How a raw call ended: its answers, and its error unless it ended OK. */
export interface RawResult<Answer> {
  readonly answers: readonly Answer[];
  readonly error: ServiceError | undefined;
}

export const streamIdentifier = (name: string) =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name));

export const empty = () => new shared.Empty();

/** A legal read of a stream, to be bent by each test. */
export const streamReadOptions = (streamName: string): ReadReq.Options =>
  new streams.ReadReq.Options()
    .setStream(
      new streams.ReadReq.Options.StreamOptions()
        .setStreamIdentifier(streamIdentifier(streamName))
        .setStart(empty()),
    )
    .setCount('10')
    .setNoFilter(empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(empty()));

export const allReadOptions = (): ReadReq.Options =>
  new streams.ReadReq.Options()
    .setAll(new streams.ReadReq.Options.AllOptions().setStart(empty()))
    .setCount('10')
    .setNoFilter(empty())
    .setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(empty()));

export const prefixFilter = (...prefixes: string[]): ReadReq.Options.FilterOptions =>
  new streams.ReadReq.Options.FilterOptions()
    .setStreamIdentifier(new streams.ReadReq.Options.FilterOptions.Expression().setPrefixList(prefixes))
    .setMax(32)
    .setCheckpointintervalmultiplier(1);

export const rawRead = (raw: RawStreamsClient, options: ReadReq.Options): Promise<RawResult<ReadResp>> =>
  collect(raw.read(new streams.ReadReq().setOptions(options)));

export interface RawEvent {
  readonly id: string;
  readonly properties?: Readonly<Record<string, string>>;
  readonly data?: string | Buffer;
}

const DEFAULT_PROPERTIES = { type: 'Happened', 'content-type': 'application/json' };

export const appendOptions = (streamName: string): AppendReq.Options =>
  new streams.AppendReq.Options().setStreamIdentifier(streamIdentifier(streamName)).setAny(empty());

export const rawAppend = (
  raw: RawStreamsClient,
  target: string | AppendReq.Options,
  events: readonly RawEvent[],
): Promise<{ response?: AppendResp; error?: ServiceError }> =>
  new Promise((resolve) => {
    const call = raw.append((error, response) => resolve(error ? { error } : { response }));
    const options = typeof target === 'string' ? appendOptions(target) : target;
    call.write(new streams.AppendReq().setOptions(options));
    for (const event of events) call.write(proposal(event));
    call.end();
  });

export const rawDelete = (
  raw: RawStreamsClient,
  options: DeleteReq.Options,
): Promise<{ error: ServiceError | undefined }> =>
  new Promise((resolve) => {
    raw.delete(new streams.DeleteReq().setOptions(options), (error) =>
      resolve({ error: error ?? undefined }),
    );
  });

export const rawTombstone = (
  raw: RawStreamsClient,
  options: TombstoneReq.Options,
): Promise<{ error: ServiceError | undefined }> =>
  new Promise((resolve) => {
    raw.tombstone(new streams.TombstoneReq().setOptions(options), (error) =>
      resolve({ error: error ?? undefined }),
    );
  });

const proposal = ({ id, properties = DEFAULT_PROPERTIES, data = '{}' }: RawEvent): AppendReq => {
  const message = new streams.AppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(toBytes(data));
  for (const [name, value] of Object.entries(properties)) message.getMetadataMap().set(name, value);
  return new streams.AppendReq().setProposedMessage(message);
};

export interface BatchChunk {
  readonly correlationId: string;
  /** Only with the first chunk. */
  readonly streamName?: string;
  /** Milliseconds since 1970. */
  readonly deadline?: number;
  /** Any, unless it says otherwise. */
  readonly expectNoStream?: boolean;
  readonly events: readonly RawEvent[];
  readonly final: boolean;
}

export const batchChunk = ({
  correlationId,
  streamName,
  deadline,
  expectNoStream = false,
  events,
  final,
}: BatchChunk): BatchAppendReq => {
  const chunk = new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlationId))
    .setIsFinal(final);
  if (streamName !== undefined) {
    const options = new streams.BatchAppendReq.Options().setStreamIdentifier(streamIdentifier(streamName));
    if (expectNoStream) options.setNoStream(new google.Empty());
    else options.setAny(new google.Empty());
    if (deadline !== undefined) options.setDeadline(timestamp(deadline));
    chunk.setOptions(options);
  }
  for (const { id, properties = DEFAULT_PROPERTIES, data = '{}' } of events) {
    const message = new streams.BatchAppendReq.ProposedMessage()
      .setId(new shared.UUID().setString(id))
      .setData(toBytes(data));
    for (const [name, value] of Object.entries(properties)) message.getMetadataMap().set(name, value);
    chunk.addProposedMessages(message);
  }
  return chunk;
};

/** Sends all chunks on one call, half-closes, and waits for its end. */
export const rawBatchAppend = (
  raw: RawStreamsClient,
  chunks: readonly BatchAppendReq[],
): Promise<RawResult<BatchAppendResp>> => {
  const call = raw.batchAppend();
  const result = collect<BatchAppendResp>(call);
  for (const chunk of chunks) call.write(chunk);
  call.end();
  return result;
};

const toBytes = (data: string | Buffer): Buffer => (typeof data === 'string' ? Buffer.from(data) : data);

const timestamp = (milliseconds: number) => {
  const deadline = new google.Timestamp();
  deadline.setSeconds(Math.floor(milliseconds / 1000));
  deadline.setNanos((milliseconds % 1000) * 1_000_000);
  return deadline;
};

const collect = <Answer>(
  call: ClientReadableStream<Answer> | ClientDuplexStream<never, Answer>,
): Promise<RawResult<Answer>> =>
  new Promise((resolve) => {
    const answers: Answer[] = [];
    call.on('data', (answer: Answer) => answers.push(answer));
    call.on('error', (error: ServiceError) => resolve({ answers, error }));
    call.on('end', () => setImmediate(() => resolve({ answers, error: undefined })));
  });
