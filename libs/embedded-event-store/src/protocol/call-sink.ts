import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadSink } from '../reading/read-sink.js';
import type { ResolvedEvent } from '../reading/resolved-event.js';
import {
  encodeCaughtUp,
  encodeCheckpoint,
  encodeConfirmation,
  encodeEvent,
  encodeFirstStreamPosition,
  encodeLastStreamPosition,
  encodeStreamNotFound,
} from './encode-read-response.js';
import type { UuidForm } from './uuid.js';

/** Delivers to a gRPC call, no faster than its reader takes it. */
export class CallSink implements ReadSink {
  constructor(
    private readonly call: ServerWritableStream<unknown, Buffer>,
    private readonly uuids: UuidForm,
    readonly signal: AbortSignal,
    private readonly delivered: () => void,
  ) {}

  event(event: ResolvedEvent): Promise<void> | undefined {
    this.delivered();
    return this.#send(encodeEvent(event, this.uuids));
  }

  streamNotFound(streamName: string): Promise<void> | undefined {
    return this.#send(encodeStreamNotFound(streamName));
  }

  firstStreamPosition(revision: number): Promise<void> | undefined {
    return this.#send(encodeFirstStreamPosition(revision));
  }

  lastStreamPosition(revision: number): Promise<void> | undefined {
    return this.#send(encodeLastStreamPosition(revision));
  }

  confirmation(subscriptionId: string): Promise<void> | undefined {
    return this.#send(encodeConfirmation(subscriptionId));
  }

  checkpoint(position: number): Promise<void> | undefined {
    return this.#send(encodeCheckpoint(position));
  }

  caughtUp(): Promise<void> | undefined {
    return this.#send(encodeCaughtUp());
  }

  #send(message: Buffer): Promise<void> | undefined {
    if (this.signal.aborted || this.call.write(message)) return undefined;
    return this.#drained();
  }

  /** Settles on cancellation, too: a dead call never drains. */
  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        this.call.off('drain', settle);
        this.signal.removeEventListener('abort', settle);
        resolve();
      };
      this.call.on('drain', settle);
      this.signal.addEventListener('abort', settle);
      if (this.signal.aborted) settle();
    });
  }
}
