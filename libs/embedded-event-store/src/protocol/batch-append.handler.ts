import type { UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type handleBidiStreamingCall, type ServerDuplexStream, status } from '@grpc/grpc-js';
import { batchRefused, batchResponse, batchTooLarge } from './batch-append-response.js';
import type { EventStoreContext } from './event-store-context.js';
import { OpenBatch } from './open-batch.js';
import { endedByShutdown, invalidArgument, ServiceError, shuttingDown } from './service-error.js';

/** Payload bytes of unfinished batches one call may make the server hold. */
const MAX_HELD_BYTES = 32 * 1024 * 1024;

/** Appends one call may have waiting before the server stops reading from it. */
const MAX_OWED = 4096;

/** `Streams.BatchAppend`: many appends on one long call, each answered exactly once. */
export const batchAppendHandler =
  (context: EventStoreContext): handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> =>
  (call) => {
    new BatchAppendCall(context, call).start();
  };

class BatchAppendCall {
  readonly #open = new Map<string, OpenBatch>();
  /** Appends accepted and not answered yet. */
  #owed = 0;
  /** How the call ends once nothing is owed any more; null stands for OK. */
  #ending: ServiceError | null | undefined;
  #over = false;
  #slow = false;

  constructor(
    private readonly context: EventStoreContext,
    private readonly call: ServerDuplexStream<BatchAppendReq, BatchAppendResp>,
  ) {}

  start(): void {
    const forget = this.context.calls.add(() => this.#endWith(endedByShutdown()));
    const leave = (): void => {
      this.#over = true;
      this.#open.clear();
      forget();
    };
    this.call.on('cancelled', leave);
    this.call.on('close', leave);
    this.call.on('finish', leave);
    this.call.on('drain', () => {
      this.#slow = false;
      this.#regulate();
    });
    this.call.on('data', (chunk: BatchAppendReq) => this.#take(chunk));
    this.call.on('end', () =>
      this.#endWith(
        this.#open.size === 0 ? null : invalidArgument('A batch was left without its last chunk.'),
      ),
    );
    if (this.context.stopping()) this.#endWith(shuttingDown());
  }

  #take(chunk: BatchAppendReq): void {
    if (this.#ending !== undefined || this.#over) return;
    const key = keyOf(chunk.getCorrelationId());
    const batch = this.#batch(key, chunk);
    if (batch === undefined) return;
    batch.take(chunk);
    // what is too large stays too large: whoever sends it learns that, however long the sending took
    const isLate = this.context.live.log.currentTime >= batch.deadline && !batch.tooLarge;
    if (!batch.answered && isLate) {
      batch.answered = true;
      this.#answer(batchResponse(batch, { outcome: 'timeout' }));
    }
    if (!chunk.getIsFinal()) {
      if (this.#heldBytes() > MAX_HELD_BYTES) {
        this.#endWith(new ServiceError(status.RESOURCE_EXHAUSTED, 'Too many unfinished batches.'));
      }
      return;
    }
    this.#open.delete(key);
    this.#finish(batch);
  }

  #batch(key: string, chunk: BatchAppendReq): OpenBatch | undefined {
    const known = this.#open.get(key);
    if (known === undefined) {
      const batch = new OpenBatch(chunk, this.context.maxAppendSize, this.context.live.log.currentTime);
      this.#open.set(key, batch);
      return batch;
    }
    if (!chunk.hasOptions()) return known;
    this.#endWith(invalidArgument('Options come with the first chunk of a batch only.'));
    return undefined;
  }

  #finish(batch: OpenBatch): void {
    if (batch.answered) return;
    const { request } = batch;
    if (batch.refusal !== undefined) this.#answer(batchRefused(batch, batch.refusal));
    else if (batch.tooLarge) this.#answer(batchTooLarge(batch, this.context.maxAppendSize));
    else if (request !== undefined) {
      this.#owed += 1;
      this.context.writes.submit(request).then((outcome) => {
        this.#owed -= 1;
        this.#answer(batchResponse(batch, outcome));
        this.#endIfNothingOwed();
      });
      this.#regulate();
    }
  }

  #answer(response: BatchAppendResp): void {
    if (this.#over) return;
    this.#slow = !this.call.write(response);
    this.#regulate();
  }

  /** Reads on only as long as the client takes its answers and the writer keeps up. */
  #regulate(): void {
    if (this.#slow || this.#owed >= MAX_OWED) this.call.pause();
    else if (this.call.isPaused()) this.call.resume();
  }

  #heldBytes(): number {
    let bytes = 0;
    for (const batch of this.#open.values()) bytes += batch.heldBytes;
    return bytes;
  }

  #endWith(ending: ServiceError | null): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    this.#endIfNothingOwed();
  }

  /** Ending before would take the answers from appends that are, or will be, on disk. */
  #endIfNothingOwed(): void {
    if (this.#ending === undefined || this.#owed > 0 || this.#over) return;
    this.#over = true;
    if (this.#ending === null) this.call.end();
    else this.call.emit('error', this.#ending);
  }
}

const keyOf = (correlationId: UUID | undefined): string => {
  const structured = correlationId?.getStructured();
  return structured === undefined
    ? (correlationId?.getString() ?? '')
    : `${structured.getMostSignificantBits()}:${structured.getLeastSignificantBits()}`;
};
