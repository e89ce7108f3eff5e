import { newEventId } from '../log/event-id.js';
import type { ProposedEvent, RecordedEvent } from '../log/recorded-event.js';
import { NO_EVENTS } from '../log/revision.js';
import { softDeletionMetadata, withTruncateBefore } from '../log/stream-metadata.js';
import { hasEvents, isSoftDeleted, type StreamState } from '../log/stream-state.js';
import {
  isMetastream,
  METADATA_EVENT_TYPE,
  metastreamOf,
  originalStreamOf,
  TOMBSTONE_EVENT_TYPE,
} from '../log/system-names.js';
import type { EventLog } from '../storage/event-log.js';
import { decideAppend } from './decide-append.js';
import type { WriteOutcome, WriteRequest } from './write-request.js';

/** What one request did to the log: its answer, and the events it wrote, in order. */
export interface Applied {
  readonly outcome: WriteOutcome;
  readonly events: readonly RecordedEvent[];
}

/** Decides on one request and writes what it comes to; only inside a transaction. */
export const applyWrite = (log: EventLog, request: WriteRequest): Applied => {
  if (request.deadline !== undefined && log.currentTime >= request.deadline) {
    return unwritten({ outcome: 'timeout' });
  }
  const { streamName, expected } = request;
  const stream = log.stream(streamName);
  const ids = request.kind === 'append' ? request.events.map((event) => event.id) : [];
  const decision = decideAppend(expected, stream, ids, log.knownEvents(stream));
  switch (decision.decision) {
    case 'stream-deleted':
      return unwritten({ outcome: 'stream-deleted' });
    case 'wrong-expected-version':
      return unwritten(wrongExpectedVersion(request, stream));
    case 'idempotent':
      return unwritten({ outcome: 'success', revision: decision.revision, position: decision.position });
    case 'append':
      return write(log, request, stream);
  }
};

const write = (log: EventLog, request: WriteRequest, stream: StreamState): Applied => {
  switch (request.kind) {
    case 'append':
      return append(log, request.streamName, request.events, stream);
    case 'delete':
      return hasEvents(stream)
        ? softDelete(log, request.streamName)
        : unwritten(wrongExpectedVersion(request, stream));
    case 'tombstone':
      return written([
        log.writeTombstone(request.streamName, systemEvent(TOMBSTONE_EVENT_TYPE, Buffer.from('{}'))),
      ]);
  }
};

const append = (
  log: EventLog,
  streamName: string,
  proposed: readonly ProposedEvent[],
  stream: StreamState,
): Applied => {
  if (proposed.length === 0) {
    return unwritten({ outcome: 'success', ...(hasEvents(stream) && { revision: stream.lastRevision }) });
  }
  if (isMetastream(streamName)) return appendMetadata(log, streamName, proposed);
  const reopening = hasEvents(stream) && isSoftDeleted(stream) ? reopen(log, streamName, stream) : [];
  const events = log.write(streamName, proposed);
  return { ...written(events), events: [...reopening, ...events] };
};

/** New metadata for a soft-deleted stream brings it back, but not the events it was deleted with. */
const appendMetadata = (log: EventLog, metastream: string, proposed: readonly ProposedEvent[]): Applied => {
  const original = originalStreamOf(metastream);
  const before = log.stream(original);
  const events = log.write(metastream, proposed);
  const reopening = hasEvents(before) && isSoftDeleted(before) ? reopen(log, original, before) : [];
  return { ...written(events), events: [...events, ...reopening] };
};

/** Old events stay hidden: the stream begins anew behind them. */
const reopen = (log: EventLog, streamName: string, { lastRevision }: StreamState): RecordedEvent[] =>
  log.write(metastreamOf(streamName), [
    systemEvent(METADATA_EVENT_TYPE, withTruncateBefore(log.rawMetadataOf(streamName), lastRevision + 1)),
  ]);

const softDelete = (log: EventLog, streamName: string): Applied =>
  written(log.write(metastreamOf(streamName), [systemEvent(METADATA_EVENT_TYPE, softDeletionMetadata())]));

const systemEvent = (type: string, data: Uint8Array): ProposedEvent => ({
  id: newEventId(),
  type,
  isJson: true,
  data,
  metadata: new Uint8Array(),
});

const written = (events: readonly RecordedEvent[]): Applied => {
  const last = events.at(-1);
  return {
    outcome: { outcome: 'success', ...(last && { revision: last.revision, position: last.position }) },
    events,
  };
};

const unwritten = (outcome: WriteOutcome): Applied => ({ outcome, events: [] });

const wrongExpectedVersion = ({ expected }: WriteRequest, { lastRevision }: StreamState): WriteOutcome => ({
  outcome: 'wrong-expected-version',
  expected,
  ...(lastRevision !== NO_EVENTS && { current: lastRevision }),
});
