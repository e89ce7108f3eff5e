import type { RecordedEvent } from '../log/recorded-event.js';
import type { StreamNames } from './stream-names.js';

export const EVENT_COLUMNS =
  'position, stream_id, revision, created, is_json, event_type, event_id, metadata, data';

/** A row of {@link EVENT_COLUMNS}; the table is STRICT, so these are the types that come back. */
export type EventRow = readonly [
  position: number,
  streamId: number,
  revision: number,
  created: number,
  isJson: number,
  type: string,
  id: Uint8Array,
  metadata: Uint8Array,
  data: Uint8Array,
];

export const toRecordedEvent = (row: EventRow, names: StreamNames): RecordedEvent => ({
  position: row[0],
  streamName: names.nameOf(row[1]),
  revision: row[2],
  created: row[3],
  isJson: row[4] === 1,
  type: row[5],
  id: row[6],
  metadata: row[7],
  data: row[8],
});
