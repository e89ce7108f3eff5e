import type { ProposedEvent } from '../log/recorded-event.js';
import type { ExpectedRevision } from './expected-revision.js';

interface StreamWrite {
  readonly streamName: string;
  readonly expected: ExpectedRevision;
  /** Milliseconds since 1970; past it the writer has given up and nothing may be written. */
  readonly deadline?: number;
}

export type WriteRequest =
  | (StreamWrite & { readonly kind: 'append'; readonly events: readonly ProposedEvent[] })
  | (StreamWrite & { readonly kind: 'delete' })
  | (StreamWrite & { readonly kind: 'tombstone' });

export type WriteOutcome =
  /** `position` is missing when there was nothing to write, `revision` when the stream has no event. */
  | { readonly outcome: 'success'; readonly revision?: number; readonly position?: number }
  /** `current` is missing when the stream has no event. */
  | {
      readonly outcome: 'wrong-expected-version';
      readonly expected: ExpectedRevision;
      readonly current?: number;
    }
  | { readonly outcome: 'stream-deleted' }
  | { readonly outcome: 'timeout' }
  /** The store could not write; nothing was. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** For the limit on the size of an append: payload plus two bytes a character of each type. */
export const proposedBytes = ({ data, metadata, type }: ProposedEvent): number =>
  data.length + metadata.length + 2 * type.length;
