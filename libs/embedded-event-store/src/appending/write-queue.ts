import type { RecordedEvent } from '../log/recorded-event.js';
import type { EventLog } from '../storage/event-log.js';
import { leavesFileInDoubt } from '../storage/storage-failure.js';
import { type Applied, applyWrite } from './apply-write.js';
import { proposedBytes, type WriteOutcome, type WriteRequest } from './write-request.js';

/** Requests that share one transaction and one sync at most. */
const GROUP_REQUESTS = 1024;

/** Payload bytes after which a group is written, so that a transaction stays small. */
const GROUP_BYTES = 8 * 1024 * 1024;

interface Waiting {
  readonly request: WriteRequest;
  readonly answer: (outcome: WriteOutcome) => void;
}

export interface CommittedGroup {
  readonly requests: number;
  readonly events: readonly RecordedEvent[];
  /** Milliseconds from the first decision to the end of the sync. */
  readonly duration: number;
}

export interface WriteQueueListener {
  /** After the events of a group are on disk, before their writers are answered. */
  committed(group: CommittedGroup): void;
  /**
   * A group could not be written; its writers are told so.
   *
   * @param lasting nothing will be written any more: only a new start tells what is on disk
   */
  failed(error: Error, lasting: boolean): void;
}

/**
 * Group commit: everything that waits when its turn comes is decided one after another and written in one
 * transaction with one sync, then answered.
 */
export class WriteQueue {
  #waiting: Waiting[] = [];
  #scheduled = false;
  #inDoubt = false;

  constructor(
    private readonly log: EventLog,
    private readonly listener: WriteQueueListener,
  ) {}

  submit(request: WriteRequest): Promise<WriteOutcome> {
    return new Promise((answer) => {
      this.#waiting.push({ request, answer });
      this.#schedule();
    });
  }

  /** Writes what is waiting now instead of when the event loop comes to it. */
  flush(): void {
    while (this.#waiting.length > 0) this.#writeGroup();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    // After the sockets were read: what arrived together is written together.
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting.length > 0) this.#writeGroup();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  #writeGroup(): void {
    const group = this.#takeGroup();
    const started = performance.now();
    const answers = this.#write(group, started);
    for (const [index, { answer }] of group.entries()) {
      answer(answers[index] ?? { outcome: 'failed', reason: 'The event store could not write.' });
    }
  }

  #write(group: readonly Waiting[], started: number): WriteOutcome[] {
    if (this.#inDoubt)
      return group.map(() => ({ outcome: 'failed', reason: 'The event store must be restarted.' }));
    let applied: Applied[];
    try {
      applied = this.log.transaction(() => group.map(({ request }) => applyWrite(this.log, request)));
    } catch (error) {
      const failure = error instanceof Error ? error : new Error(String(error));
      this.#inDoubt = leavesFileInDoubt(error);
      this.listener.failed(failure, this.#inDoubt);
      return group.map(() => ({ outcome: 'failed', reason: failure.message }));
    }
    this.listener.committed({
      requests: group.length,
      events: applied.flatMap(({ events }) => events),
      duration: performance.now() - started,
    });
    return applied.map(({ outcome }) => outcome);
  }

  #takeGroup(): Waiting[] {
    let bytes = 0;
    let taken = 0;
    for (const { request } of this.#waiting) {
      if (taken === GROUP_REQUESTS || bytes >= GROUP_BYTES) break;
      bytes += requestBytes(request);
      taken += 1;
    }
    return this.#waiting.splice(0, taken);
  }
}

const requestBytes = (request: WriteRequest): number =>
  request.kind === 'append' ? request.events.reduce((sum, event) => sum + proposedBytes(event), 0) : 0;
