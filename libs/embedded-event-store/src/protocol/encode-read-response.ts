import { formatEventId } from '../log/event-id.js';
import type { RecordedEvent } from '../log/recorded-event.js';
import { TOMBSTONE_REVISION, TOMBSTONE_REVISION_ON_THE_WIRE } from '../log/revision.js';
import type { ResolvedEvent } from '../reading/resolved-event.js';
import { BackwardWriter } from './backward-writer.js';
import type { UuidForm } from './uuid.js';

/**
 * `ReadResp` messages, straight to bytes: they are what the server spends most of its time on. Numbers are the
 * fields of `streams.proto`.
 */
const CONTENT = {
  event: 1,
  confirmation: 2,
  checkpoint: 3,
  streamNotFound: 4,
  firstStreamPosition: 5,
  lastStreamPosition: 6,
  caughtUp: 8,
} as const;

export const encodeEvent = ({ event, link }: ResolvedEvent, uuids: UuidForm): Buffer => {
  const original = link ?? event;
  const writer = new BackwardWriter(32 + capacityOf(event) + capacityOf(link));
  const end = writer.end;
  if (original !== undefined) writer.uint64(3, original.position);
  if (link !== undefined) writeRecord(writer, 2, link, uuids);
  if (event !== undefined) writeRecord(writer, 1, event, uuids);
  writer.close(CONTENT.event, end);
  return writer.finish();
};

export const encodeConfirmation = (subscriptionId: string): Buffer => {
  const writer = new BackwardWriter(16 + textCapacity(subscriptionId));
  const end = writer.end;
  writer.text(1, subscriptionId);
  writer.close(CONTENT.confirmation, end);
  return writer.finish();
};

export const encodeCheckpoint = (position: number): Buffer => {
  const writer = new BackwardWriter(32);
  const end = writer.end;
  writer.uint64(2, position);
  writer.uint64(1, position);
  writer.close(CONTENT.checkpoint, end);
  return writer.finish();
};

export const encodeStreamNotFound = (streamName: string): Buffer => {
  const writer = new BackwardWriter(32 + textCapacity(streamName));
  const end = writer.end;
  writeStreamIdentifier(writer, 1, streamName);
  writer.close(CONTENT.streamNotFound, end);
  return writer.finish();
};

export const encodeFirstStreamPosition = (revision: number): Buffer =>
  encodeNumber(CONTENT.firstStreamPosition, revision);

export const encodeLastStreamPosition = (revision: number): Buffer =>
  encodeNumber(CONTENT.lastStreamPosition, revision);

const encodeNumber = (field: number, value: number): Buffer => {
  const writer = new BackwardWriter(16);
  writer.uint64(field, value);
  return writer.finish();
};

export const encodeCaughtUp = (): Buffer => {
  const writer = new BackwardWriter(8);
  writer.close(CONTENT.caughtUp, writer.end);
  return writer.finish();
};

const writeRecord = (writer: BackwardWriter, field: number, event: RecordedEvent, uuids: UuidForm): void => {
  const end = writer.end;
  writer.bytes(8, event.data);
  writer.bytes(7, event.metadata);
  writeProperty(writer, 'created', `${event.created}0000`);
  writer.raw(event.isJson ? JSON_CONTENT : OCTET_CONTENT);
  writeProperty(writer, 'type', event.type);
  writer.uint64(5, event.position);
  writer.uint64(4, event.position);
  writer.uint64(3, event.revision === TOMBSTONE_REVISION ? TOMBSTONE_REVISION_ON_THE_WIRE : event.revision);
  writeStreamIdentifier(writer, 2, event.streamName);
  writeUuid(writer, 1, event.id, uuids);
  writer.close(field, end);
};

const METADATA_FIELD = 6;

/** One entry of the map `metadata`. `created` counts 100-nanosecond ticks since 1970. */
const writeProperty = (writer: BackwardWriter, key: string, value: string): void => {
  const end = writer.end;
  writer.text(2, value);
  writer.text(1, key);
  writer.close(METADATA_FIELD, end);
};

const contentType = (value: string): Buffer => {
  const writer = new BackwardWriter(64);
  writeProperty(writer, 'content-type', value);
  return writer.finish();
};

const JSON_CONTENT = contentType('application/json');
const OCTET_CONTENT = contentType('application/octet-stream');

const writeStreamIdentifier = (writer: BackwardWriter, field: number, streamName: string): void => {
  const end = writer.end;
  writer.text(3, streamName);
  writer.close(field, end);
};

const writeUuid = (writer: BackwardWriter, field: number, id: Uint8Array, form: UuidForm): void => {
  const end = writer.end;
  if (form === 'string') writer.text(2, formatEventId(id));
  else writeStructured(writer, id);
  writer.close(field, end);
};

const writeStructured = (writer: BackwardWriter, id: Uint8Array): void => {
  const end = writer.end;
  const halves = new DataView(id.buffer, id.byteOffset, id.byteLength);
  writer.uint64(2, halves.getBigInt64(8));
  writer.uint64(1, halves.getBigInt64(0));
  writer.close(1, end);
};

/** Tags, lengths, numbers, id and the texts of known length take less than this. */
const RECORD_CAPACITY = 256;

const capacityOf = (event: RecordedEvent | undefined): number =>
  event === undefined
    ? 0
    : RECORD_CAPACITY +
      event.data.length +
      event.metadata.length +
      textCapacity(event.streamName) +
      textCapacity(event.type);

/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const textCapacity = (text: string): number => text.length * 3;
