import { formatEventId, parseEventId } from '../log/event-id.js';
import type { RecordedEvent } from '../log/recorded-event.js';
import { TOMBSTONE_REVISION } from '../log/revision.js';
import {
  encodeCaughtUp,
  encodeCheckpoint,
  encodeConfirmation,
  encodeEvent,
  encodeStreamNotFound,
} from './encode-read-response.js';
import { streams } from './generated.js';
import { parseUuid } from './uuid.js';

const decode = (bytes: Uint8Array) => streams.ReadResp.deserializeBinary(bytes);
const ID = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

const recorded = (overrides: Partial<RecordedEvent> = {}): RecordedEvent => ({
  position: 1_234_567_890_123,
  streamName: 'Bestellung-ü',
  revision: 300,
  id: parseEventId(ID) ?? new Uint8Array(),
  type: 'OrderPlaced',
  created: 1_700_000_000_123,
  isJson: true,
  data: Buffer.from('{"x":1}'),
  metadata: Buffer.from('{"m":2}'),
  ...overrides,
});

const decodeEvent = (event: RecordedEvent, form: 'string' | 'structured' = 'string') =>
  decode(encodeEvent({ event }, form)).getEvent();

describe('the encoding of read answers, read with the generated messages', () => {
  it('keeps every field of an event', () => {
    const answer = decodeEvent(recorded());
    const event = answer?.getEvent();
    expect(answer?.getCommitPosition()).toBe('1234567890123');
    expect(answer?.hasLink()).toBe(false);
    expect(event?.getId()?.getString()).toBe(ID);
    expect(Buffer.from(event?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(
      'Bestellung-ü',
    );
    expect(event?.getStreamRevision()).toBe('300');
    expect(event?.getCommitPosition()).toBe('1234567890123');
    expect(event?.getPreparePosition()).toBe('1234567890123');
    expect(event?.getMetadataMap().toArray()).toEqual([
      ['content-type', 'application/json'],
      ['created', '17000000001230000'],
      ['type', 'OrderPlaced'],
    ]);
    expect(Buffer.from(event?.getData_asU8() ?? []).toString()).toBe('{"x":1}');
    expect(Buffer.from(event?.getCustomMetadata_asU8() ?? []).toString()).toBe('{"m":2}');
  });

  it('holds large payloads and long names', () => {
    const data = Buffer.alloc(1024 * 1024, 7);
    const streamName = '😀'.repeat(1000);
    const event = decodeEvent(
      recorded({ data, streamName, isJson: false, type: 'é'.repeat(500) }),
    )?.getEvent();
    expect(Buffer.compare(event?.getData_asU8() ?? new Uint8Array(), data)).toBe(0);
    expect(Buffer.from(event?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe(streamName);
    expect(event?.getMetadataMap().get('type')).toBe('é'.repeat(500));
    expect(event?.getMetadataMap().get('content-type')).toBe('application/octet-stream');
  });

  it.each([0, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 5, Number.MAX_SAFE_INTEGER - 1])(
    'holds the number %d',
    (position) => expect(decodeEvent(recorded({ position }))?.getCommitPosition()).toBe(String(position)),
  );

  it('shows a tombstone at 2^63 − 1', () =>
    expect(
      decodeEvent(recorded({ revision: TOMBSTONE_REVISION }))
        ?.getEvent()
        ?.getStreamRevision(),
    ).toBe('9223372036854775807'));

  it('writes ids as two signed halves when asked to', () => {
    const id = decodeEvent(recorded(), 'structured')?.getEvent()?.getId();
    expect(id?.getStructured()?.toObject()).toEqual({
      mostSignificantBits: '-568210367123287600',
      leastSignificantBits: '-6384696206158828554',
    });
    expect(formatEventId(parseUuid(id) ?? new Uint8Array())).toBe(ID);
  });

  it('puts the link beside its event, with the position of the link', () => {
    const link = recorded({ position: 99, type: '$>' });
    const both = decode(encodeEvent({ event: recorded(), link }, 'string')).getEvent();
    expect(both?.getLink()?.getMetadataMap().get('type')).toBe('$>');
    expect(both?.getEvent()?.getMetadataMap().get('type')).toBe('OrderPlaced');
    expect(both?.getCommitPosition()).toBe('99');
    const broken = decode(encodeEvent({ link }, 'string')).getEvent();
    expect(broken?.hasEvent()).toBe(false);
    expect(broken?.hasLink()).toBe(true);
  });

  it('knows the other answers', () => {
    expect(decode(encodeConfirmation('sub')).getConfirmation()?.getSubscriptionId()).toBe('sub');
    expect(decode(encodeCheckpoint(7)).getCheckpoint()?.toObject()).toEqual({
      commitPosition: '7',
      preparePosition: '7',
    });
    const notFound = decode(encodeStreamNotFound('wo')).getStreamNotFound()?.getStreamIdentifier();
    expect(Buffer.from(notFound?.getStreamName_asU8() ?? []).toString()).toBe('wo');
    expect(decode(encodeCaughtUp()).hasCaughtUp()).toBe(true);
  });
});
