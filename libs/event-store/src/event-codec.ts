import type { z } from 'zod';
import { eventMetadataSchema, type Fact, factSchemas, type Recorded } from '#libs/contracts';
import type { NewEvent } from './event-store.port.js';
import { type Upcaster, type Upcasters, upcasters } from './upcasters.js';

/** A fact in the log that this version of the service cannot read. It stops its reader, visibly. */
export class UnreadableEvent extends Error {
  constructor(
    readonly eventType: string,
    readonly stream: string,
    readonly revision: bigint,
    cause: unknown,
  ) {
    super(
      `cannot read ${eventType} at ${stream}@${revision}: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
    this.name = 'UnreadableEvent';
  }
}

/** The stored form of an event: data and metadata still unchecked. */
export type StoredEvent = Omit<Recorded, 'metadata' | 'data'> & { data: unknown; metadata: unknown };

export type EventCodec = {
  /** Always the newest version. Refuses to write what could not be read back. */
  encode(event: Pick<NewEvent, 'type' | 'data' | 'metadata'>): {
    data: Record<string, unknown>;
    metadata: Record<string, unknown>;
  };
  /** @throws UnreadableEvent */
  decode(stored: StoredEvent): Recorded;
};

type Shape = { schema: z.ZodType; version: number; steps: readonly Upcaster[] };

/** Between the log and today's shapes. A fact that was recorded in an older version is lifted first. */
export const eventCodec = (
  schemas: Readonly<Record<string, z.ZodType>>,
  steps: Upcasters<string>,
): EventCodec => {
  const shapes = new Map<string, Shape>(
    Object.entries(schemas).map(([type, schema]) => [
      type,
      { schema, version: versionOf(type, steps), steps: steps[type] ?? [] },
    ]),
  );

  return {
    encode: ({ type, data, metadata }) => {
      const shape = shapes.get(type);
      if (!shape) throw new Error(`there is no fact called ${type}`);
      return {
        data: shape.schema.parse(data) as Record<string, unknown>,
        metadata: { ...metadata, schemaVersion: shape.version },
      };
    },
    decode: (stored) => {
      try {
        const shape = shapes.get(stored.type);
        if (!shape) throw new Error('unknown type');
        const metadata = eventMetadataSchema.parse(stored.metadata);
        const version = metadata.schemaVersion;
        const data = version === shape.version ? stored.data : lifted(stored.data, version, shape);
        return { ...stored, data: shape.schema.parse(data), metadata };
      } catch (error) {
        throw new UnreadableEvent(stored.type, stored.stream, stored.revision, error);
      }
    },
  };
};

const lifted = (data: unknown, version: number, { version: newest, steps }: Shape): unknown => {
  if (version > newest) {
    throw new Error(
      `it is version ${version}, and this service knows versions up to ${newest}: a newer release wrote it`,
    );
  }
  return steps.slice(version - 1).reduce((lower, lift) => lift(lower), asFields(data));
};

/** The version this release writes: one more than there are steps up to it. */
export const versionOf = (type: string, steps: Upcasters<string> = upcasters): number =>
  (steps[type]?.length ?? 0) + 1;

const asFields = (data: unknown): Readonly<Record<string, unknown>> => {
  if (typeof data !== 'object' || data === null) throw new Error('its data is no JSON object');
  return data as Readonly<Record<string, unknown>>;
};

/** Of the facts this service records. */
export const factCodec = eventCodec(factSchemas satisfies Record<Fact['type'], z.ZodType>, upcasters);
