/** One event as it lies in the log. */
export interface RecordedEvent {
  /** Place in `$all`: above 0, strictly rising in commit order, with gaps. Commit and prepare position alike. */
  readonly position: number;
  readonly streamName: string;
  /** 0, 1, 2 … within its stream; {@link TOMBSTONE_REVISION} for the tombstone. */
  readonly revision: number;
  /** The 16 bytes of the UUID, in the order of its text. */
  readonly id: Uint8Array;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Whether the writer declared `application/json`; anything else is read back as octets. */
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** The writer's own metadata; empty when there is none. */
  readonly metadata: Uint8Array;
}

/** An event as a writer proposes it; its place is not known yet. */
export type ProposedEvent = Pick<RecordedEvent, 'id' | 'type' | 'isJson' | 'data' | 'metadata'>;

/** What a filter looks at, without the payload. */
export type EventHeader = Pick<RecordedEvent, 'position' | 'streamName' | 'type'>;
