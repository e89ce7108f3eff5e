/** Marks the file as ours (`PRAGMA application_id`, "RTSE"). */
export const APPLICATION_ID = 0x52_54_53_45;

/** Format of the file (`PRAGMA user_version`). A file with another number is refused. */
export const FORMAT_VERSION = 1;

/** Of `PRAGMA auto_vacuum`: the file can be shortened bit by bit. */
export const INCREMENTAL = 2;

/**
 * The position is the rowid, so `$all` is the table itself. Ids are not unique, neither over the store nor
 * within a stream, as in EventStoreDB. Payload columns come last: what only looks at headers never reads them.
 */
export const SCHEMA = `
  CREATE TABLE stream (
    stream_id INTEGER PRIMARY KEY,
    name      TEXT NOT NULL UNIQUE
  ) STRICT;

  CREATE TABLE event (
    position   INTEGER PRIMARY KEY,
    stream_id  INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    created    INTEGER NOT NULL,
    is_json    INTEGER NOT NULL,
    event_type TEXT NOT NULL,
    event_id   BLOB NOT NULL,
    metadata   BLOB NOT NULL,
    data       BLOB NOT NULL
  ) STRICT;

  CREATE UNIQUE INDEX event_by_revision ON event (stream_id, revision);
  CREATE INDEX event_by_id ON event (stream_id, event_id);
`;
