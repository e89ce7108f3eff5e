import { proposedBytes } from '../appending/write-request.js';
import type { ProposedEvent } from '../log/recorded-event.js';

/** Gathers the events of one append. Past the limit it keeps none of them, only the fact. */
export class AppendCollector {
  #events: ProposedEvent[] = [];
  #bytes = 0;

  constructor(private readonly maxAppendSize: number) {}

  add(event: ProposedEvent): void {
    this.#bytes += proposedBytes(event);
    if (this.tooLarge) this.#events = [];
    else this.#events.push(event);
  }

  get tooLarge(): boolean {
    return this.#bytes > this.maxAppendSize;
  }

  /** Payload bytes held in memory. */
  get heldBytes(): number {
    return this.tooLarge ? 0 : this.#bytes;
  }

  get events(): readonly ProposedEvent[] {
    return this.#events;
  }
}
