import type { AppendReq, AppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { handleClientStreamingCall } from '@grpc/grpc-js';
import type { ExpectedRevision } from '../appending/expected-revision.js';
import type { WriteOutcome } from '../appending/write-request.js';
import { AppendCollector } from './append-collector.js';
import { appendResponse } from './append-response.js';
import { deadlineOf } from './deadline.js';
import type { EventStoreContext } from './event-store-context.js';
import { parseExpectedRevision } from './parse-expected-revision.js';
import { parseProposedEvent } from './parse-proposed-event.js';
import { parseWritableStreamName } from './parse-stream-name.js';
import {
  endedByShutdown,
  invalidArgument,
  maximumAppendSizeExceeded,
  ServiceError,
  shuttingDown,
} from './service-error.js';

/** `Streams.Append`: options, events, half-close; one answer. */
export const appendHandler =
  (context: EventStoreContext): handleClientStreamingCall<AppendReq, AppendResp> =>
  (call, callback) => {
    const append = new AppendInProgress(context, deadlineOf(call));
    let answered = false;
    const answer = (error: ServiceError | null, response?: AppendResp): void => {
      if (answered) return;
      answered = true;
      forget();
      callback(error, response);
    };
    const refuse = (error: unknown): void => {
      call.resume();
      answer(error instanceof ServiceError ? error : unexpected(context, error));
    };
    const forget = context.calls.add(() => {
      if (!append.submitted) refuse(endedByShutdown());
    });

    if (context.stopping()) refuse(shuttingDown());
    call.on('data', (message: AppendReq) => {
      if (answered) return;
      try {
        append.take(message);
      } catch (error) {
        refuse(error);
      }
    });
    call.on('cancelled', () => answer(endedByShutdown()));
    call.on('end', () => {
      if (answered) return;
      try {
        append
          .submit()
          .then(({ streamName, outcome }) => answer(null, appendResponse(streamName, outcome)))
          .catch(refuse);
      } catch (error) {
        refuse(error);
      }
    });
  };

interface Target {
  readonly streamName: string;
  readonly expected: ExpectedRevision;
}

class AppendInProgress {
  readonly #collector: AppendCollector;
  #target: Target | undefined;
  submitted = false;

  constructor(
    private readonly context: EventStoreContext,
    private readonly deadline: number,
  ) {
    this.#collector = new AppendCollector(context.maxAppendSize);
  }

  /** @throws ServiceError */
  take(message: AppendReq): void {
    const options = message.getOptions();
    const proposed = message.getProposedMessage();
    if (options !== undefined) {
      if (this.#target !== undefined) throw invalidArgument('Options come once.');
      this.#target = {
        streamName: parseWritableStreamName(options.getStreamIdentifier()),
        expected: parseExpectedRevision(options),
      };
    } else if (proposed !== undefined) {
      if (this.#target === undefined) throw invalidArgument('Options come first.');
      this.#collector.add(parseProposedEvent(proposed));
      if (this.#collector.tooLarge) throw maximumAppendSizeExceeded(this.context.maxAppendSize);
    }
  }

  /** @throws ServiceError */
  submit(): Promise<{ streamName: string; outcome: WriteOutcome }> {
    const target = this.#target;
    if (target === undefined) throw invalidArgument('Options are required.');
    this.submitted = true;
    return this.context.writes
      .submit({ kind: 'append', ...target, deadline: this.deadline, events: this.#collector.events })
      .then((outcome) => ({ streamName: target.streamName, outcome }));
  }
}

const unexpected = ({ observer }: EventStoreContext, error: unknown): ServiceError => {
  observer.unexpected(error);
  return invalidArgument('The append could not be understood.');
};
