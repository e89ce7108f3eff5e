import type { RecordedEvent } from '../log/recorded-event.js';

const KEPT_EVENTS = 1024;
const KEPT_BYTES = 4 * 1024 * 1024;

/**
 * The end of the log in memory, shared by all live subscribers and bounded: a subscriber that falls out of it
 * reads from disk again.
 */
export class RecentEvents {
  #events: RecordedEvent[] = [];
  #bytes = 0;
  #completeAfter: number;

  /** @param lastPosition position after which every event will be added */
  constructor(lastPosition: number) {
    this.#completeAfter = lastPosition;
  }

  add(events: readonly RecordedEvent[]): void {
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += payloadBytes(event);
    }
    this.#evict();
  }

  /** Every event after a position, exclusive; undefined when some of them are no longer here. */
  after(position: number): readonly RecordedEvent[] | undefined {
    if (position < this.#completeAfter) return undefined;
    return this.#events.slice(this.#indexAfter(position));
  }

  #evict(): void {
    let evicted = 0;
    for (const event of this.#events) {
      if (this.#events.length - evicted <= KEPT_EVENTS && this.#bytes <= KEPT_BYTES) break;
      this.#bytes -= payloadBytes(event);
      this.#completeAfter = event.position;
      evicted += 1;
    }
    if (evicted > 0) this.#events = this.#events.slice(evicted);
  }

  #indexAfter(position: number): number {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = this.#events[middle];
      if (event !== undefined && event.position <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const payloadBytes = ({ data, metadata }: RecordedEvent): number => data.length + metadata.length;
