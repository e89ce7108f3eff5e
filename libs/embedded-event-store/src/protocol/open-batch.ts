import type { StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb.js';
import type { BatchAppendReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '../appending/expected-revision.js';
import type { WriteRequest } from '../appending/write-request.js';
import { AppendCollector } from './append-collector.js';
import type { BatchIdentity } from './batch-append-response.js';
import { parseExpectedPosition } from './parse-expected-revision.js';
import { parseProposedEvent } from './parse-proposed-event.js';
import { parseWritableStreamName } from './parse-stream-name.js';
import { invalidArgument, ServiceError } from './service-error.js';

/** A real node's own limit on a write, milliseconds. */
const WRITE_TIMEOUT = 2000;

/** One append of a batch call while its chunks come in. */
export class OpenBatch implements BatchIdentity {
  readonly correlationId: UUID | undefined;
  readonly streamIdentifier: StreamIdentifier | undefined;
  /** Set when the answer went out before the last chunk came. */
  answered = false;
  /** Why it cannot be appended, known before its last chunk. */
  refusal: ServiceError | undefined;
  readonly #collector: AppendCollector;
  #target:
    | { readonly streamName: string; readonly expected: ExpectedRevision; readonly deadline: number }
    | undefined;

  /** @param received milliseconds since 1970 */
  constructor(first: BatchAppendReq, maxAppendSize: number, received: number) {
    this.correlationId = first.getCorrelationId();
    this.streamIdentifier = first.getOptions()?.getStreamIdentifier();
    this.#collector = new AppendCollector(maxAppendSize);
    this.#attempt(() => {
      this.#target = parseTarget(first.getOptions(), received);
    });
  }

  take(chunk: BatchAppendReq): void {
    for (const message of chunk.getProposedMessagesList()) {
      if (this.refusal !== undefined || this.answered) return;
      this.#attempt(() => this.#collector.add(parseProposedEvent(message)));
    }
  }

  get tooLarge(): boolean {
    return this.#collector.tooLarge;
  }

  get heldBytes(): number {
    return this.#collector.heldBytes;
  }

  /** Milliseconds since 1970. */
  get deadline(): number {
    return this.#target?.deadline ?? Number.POSITIVE_INFINITY;
  }

  get request(): WriteRequest | undefined {
    return this.#target && { kind: 'append', ...this.#target, events: this.#collector.events };
  }

  #attempt(parse: () => void): void {
    try {
      parse();
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      this.refusal = error;
    }
  }
}

const parseTarget = (
  options: BatchAppendReq.Options | undefined,
  received: number,
): { streamName: string; expected: ExpectedRevision; deadline: number } => {
  if (options === undefined) throw invalidArgument('Options come with the first chunk of a batch.');
  const deadline = options.getDeadline();
  const given = deadline
    ? deadline.getSeconds() * 1000 + deadline.getNanos() / 1e6
    : Number.POSITIVE_INFINITY;
  return {
    streamName: parseWritableStreamName(options.getStreamIdentifier()),
    expected: parseExpectedPosition(options),
    deadline: Math.min(given, received + WRITE_TIMEOUT),
  };
};
