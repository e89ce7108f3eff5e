import type { z } from 'zod';
import { eventMetadataSchema, type Fact, factSchemas, type Recorded } from '#libs/contracts';
import type { NewEvent } from './event-store.port.js';
import { type Upcasters, upcasters } from './upcasters.js';

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

/** Between the log and today's shapes. A fact that was recorded in an older version is lifted first. */
export const eventCodec = (
  schemas: Readonly<Record<string, z.ZodType>>,
  steps: Upcasters<string>,
): EventCodec => {
  const currentVersion = new Map(Object.keys(schemas).map((type) => [type, versionOf(type, steps)]));

  const lifted = ({ type, data }: StoredEvent, version: number, current: number): unknown => {
    if (version === current) return data;
    if (version > current) {
      throw new Error(
        `it is version ${version}, and this service knows versions up to ${current}: a newer release wrote it`,
      );
    }
    return (steps[type] ?? []).slice(version - 1).reduce((lower, lift) => lift(lower), asFields(data));
  };

  return {
    encode: ({ type, data, metadata }) => {
      const schema = schemas[type];
      if (!schema) throw new Error(`there is no fact called ${type}`);
      return {
        data: schema.parse(data) as Record<string, unknown>,
        metadata: { ...metadata, schemaVersion: currentVersion.get(type) },
      };
    },
    decode: (stored) => {
      try {
        const schema = schemas[stored.type];
        const current = currentVersion.get(stored.type);
        if (!schema || current === undefined) throw new Error('unknown type');
        const metadata = eventMetadataSchema.parse(stored.metadata);
        return {
          ...stored,
          data: schema.parse(lifted(stored, metadata.schemaVersion, current)),
          metadata,
        };
      } catch (error) {
        throw new UnreadableEvent(stored.type, stored.stream, stored.revision, error);
      }
    },
  };
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
