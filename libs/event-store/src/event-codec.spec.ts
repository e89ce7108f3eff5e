import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { eventCodec, type StoredEvent, UnreadableEvent } from './event-codec.js';

/** Today a lamp has a list of colours and says whether it can be dimmed. */
const schemas = { LampSwitchedOn: z.object({ colours: z.array(z.string()), dimmable: z.boolean() }) };
const upcasters = {
  LampSwitchedOn: [
    // 1 → 2: one colour became several
    ({ colour, ...rest }: Readonly<Record<string, unknown>>) => ({ ...rest, colours: [colour] }),
    // 2 → 3: all lamps of before could not be dimmed
    (data: Readonly<Record<string, unknown>>) => ({ ...data, dimmable: false }),
  ],
};
const codec = eventCodec(schemas, upcasters);
const metadata = { $correlationId: 'r', $causationId: 'r', actor: { kind: 'service' as const } };

const stored = (schemaVersion: unknown, data: unknown, type = 'LampSwitchedOn'): StoredEvent => ({
  id: '00000000-0000-4000-8000-000000000001',
  type,
  data,
  metadata: { ...metadata, schemaVersion },
  stream: 'lamp-1',
  revision: 7n,
  position: 12n,
  recordedAt: new Date(0),
});

describe('facts of older versions', () => {
  it.each([
    [1, { colour: 'red' }, { colours: ['red'], dimmable: false }],
    [2, { colours: ['red', 'green'] }, { colours: ['red', 'green'], dimmable: false }],
    [3, { colours: ['red'], dimmable: true }, { colours: ['red'], dimmable: true }],
  ])('version %d is read in the shape of today', (version, data, today) => {
    const before = structuredClone(data);
    const fact = codec.decode(stored(version, data));
    expect(fact.data).toEqual(today);
    expect(fact.metadata.schemaVersion).toBe(version);
    expect(data).toEqual(before);
  });

  it('is written in the newest version only, whatever version it was read in', () => {
    const { data, metadata: written } = codec.encode(codec.decode(stored(1, { colour: 'red' })));
    expect(data).toEqual({ colours: ['red'], dimmable: false });
    expect(written).toEqual({ ...metadata, schemaVersion: 3 });
  });

  it('refuses to write what is no fact, or has not the shape of today', () => {
    const event = { type: 'LampSwitchedOn', data: { colour: 'red' }, metadata };
    expect(() => codec.encode(event)).toThrow(z.ZodError);
    expect(() => codec.encode({ ...event, type: 'LampStolen' })).toThrow(
      'there is no fact called LampStolen',
    );
  });
});

describe('facts that cannot be read', () => {
  it.each([
    ['of a newer version', stored(4, {}), 'it is version 4, and this service knows versions up to 3'],
    ['of an unknown type', stored(1, {}, 'LampStolen'), 'cannot read LampStolen at lamp-1@7: unknown type'],
    ['without the fields of their version', stored(3, { colour: 'red' }), 'colours'],
    ['without an object for data', stored(1, 'red'), 'its data is no JSON object'],
    ['of no version', stored(undefined, { colour: 'red' }), 'schemaVersion'],
  ])('%s say so, and where they are', (_, event, words) => {
    const reading = () => codec.decode(event);
    expect(reading).toThrow(UnreadableEvent);
    expect(reading).toThrow(words);
    expect(reading).toThrow(/^cannot read Lamp\w+ at lamp-1@7: /);
  });
});

it('leaves out fields it does not know: a newer release may have added them to the same version', () => {
  const fact = codec.decode(stored(3, { colours: ['red'], dimmable: true, watts: 5 }));
  expect(fact.data).toEqual({ colours: ['red'], dimmable: true });
});
