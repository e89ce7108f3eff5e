import type { DatabaseSync } from 'node:sqlite';
import type { KnownEvents } from '../appending/decide-append.js';
import { newEventId } from '../log/event-id.js';
import type { ProposedEvent, RecordedEvent } from '../log/recorded-event.js';
import { TOMBSTONE_REVISION } from '../log/revision.js';
import type { StreamState } from '../log/stream-state.js';
import { METADATA_EVENT_TYPE, metastreamOf } from '../log/system-names.js';
import { EventReader } from './event-reader.js';
import { EventRemover } from './event-remover.js';
import { EventWriter } from './event-writer.js';
import { FileCopier } from './file-copier.js';
import { Journal } from './journal.js';
import { openEventFile } from './open-event-file.js';
import { StoredEventIds } from './stored-event-ids.js';
import { StreamNames } from './stream-names.js';
import { StreamStates } from './stream-states.js';

/** Milliseconds since 1970. */
export type Clock = () => number;

/** The log in its file: one writer, and readers that see what is committed. */
export class EventLog {
  readonly reader: EventReader;
  readonly remover: EventRemover;
  readonly #names: StreamNames;
  readonly #states: StreamStates;
  readonly #writer: EventWriter;
  readonly #ids: StoredEventIds;
  readonly #journal: Journal;
  readonly #copier = new FileCopier();
  #committedPosition: number;

  constructor(
    private readonly database: DatabaseSync,
    private readonly now: Clock = Date.now,
  ) {
    this.#names = new StreamNames(database);
    this.#states = new StreamStates(database, this.#names);
    this.#writer = new EventWriter(database, this.#names);
    this.#ids = new StoredEventIds(database);
    this.reader = new EventReader(database, this.#names);
    this.#journal = new Journal(database);
    this.remover = new EventRemover(database);
    this.#committedPosition = this.#writer.lastPosition;
    if (this.lastPosition === 0) this.transaction(() => this.#writeFirstEvent());
  }

  /** @param file path of the SQLite file, or `:memory:` */
  static open(file: string, now?: Clock): EventLog {
    return new EventLog(openEventFile(file), now);
  }

  /** Position of the last committed event. */
  get lastPosition(): number {
    return this.#committedPosition;
  }

  get currentTime(): number {
    return this.now();
  }

  stream(streamName: string): StreamState {
    return this.#states.of(streamName);
  }

  rawMetadataOf(streamName: string): Uint8Array {
    return this.#states.rawMetadataOf(streamName);
  }

  knownEvents(stream: StreamState): KnownEvents {
    return this.#ids.of(stream.streamId);
  }

  /** On disk when this returns; nothing of it is when it throws. */
  transaction<T>(work: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.database.exec('COMMIT');
      this.#committedPosition = this.#writer.lastPosition;
      return result;
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /**
   * Spares its transactions the wait for the disk: a power failure may undo them, until something later is synced.
   * For what may as well happen again.
   */
  withoutSync<T>(work: () => T): T {
    this.database.exec('PRAGMA synchronous = NORMAL');
    try {
      return work();
    } finally {
      this.database.exec('PRAGMA synchronous = FULL');
    }
  }

  /** Adds to the end of a stream; only inside a transaction. */
  write(streamName: string, events: readonly ProposedEvent[]): RecordedEvent[] {
    const { lastRevision } = this.#states.of(streamName);
    return events.map((event, index) => this.#insert(streamName, lastRevision + 1 + index, event));
  }

  /** Gives the next event a position that is higher by this much; only inside a transaction. */
  leaveOut(positions: number): void {
    this.#writer.leaveOut(positions);
  }

  /** Closes a stream for good; only inside a transaction. */
  writeTombstone(streamName: string, tombstone: ProposedEvent): RecordedEvent {
    return this.#insert(streamName, TOMBSTONE_REVISION, tombstone);
  }

  /** Copies what is committed now, while writing goes on. @throws when the log is closed meanwhile */
  copyTo(target: string): Promise<void> {
    return this.#journal.whileFileKeepsStill((file) => this.#copier.copy(file, target));
  }

  /** After much was removed: the file has its new length once the journal is carried over into it. */
  carryJournalOver(): void {
    this.#journal.carryOver();
  }

  close(): void {
    this.database.close();
    this.#copier.close();
  }

  #insert(streamName: string, revision: number, proposed: ProposedEvent): RecordedEvent {
    const state = this.#states.of(streamName);
    const { event, streamId } = this.#writer.insert(streamName, revision, this.now(), proposed);
    this.#states.advance(streamName, state, streamId, revision);
    return event;
  }

  /** A real node's `$all` is never empty either: a reader may start from it. */
  #writeFirstEvent(): void {
    this.write(metastreamOf('$settings'), [
      {
        id: newEventId(),
        type: METADATA_EVENT_TYPE,
        isJson: true,
        data: Buffer.from('{}'),
        metadata: new Uint8Array(),
      },
    ]);
  }

  /** A failed commit may have ended the transaction by itself. */
  #rollBack(): void {
    if (this.database.isTransaction) this.database.exec('ROLLBACK');
    this.#names.forget();
    this.#states.forget();
    this.#writer.returnToStored();
  }
}
