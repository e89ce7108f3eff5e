import { eventMetadataSchema, type Fact, factSchemas, type Recorded } from '#libs/contracts';

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

const isFactType = (type: string): type is Fact['type'] => type in factSchemas;

/** Refuses to write what could not be read back. */
export const encode = (event: { type: string; data: unknown }): Record<string, unknown> => {
  if (!isFactType(event.type)) throw new Error(`there is no fact called ${event.type}`);
  return factSchemas[event.type].parse(event.data) as Record<string, unknown>;
};

/** The stored form of an event: data and metadata still unchecked. */
export type StoredEvent = Omit<Recorded, 'metadata' | 'data'> & { data: unknown; metadata: unknown };

export const decode = (stored: StoredEvent): Recorded => {
  try {
    if (!isFactType(stored.type)) throw new Error('unknown type');
    return {
      ...stored,
      data: factSchemas[stored.type].parse(stored.data),
      metadata: eventMetadataSchema.parse(stored.metadata),
    };
  } catch (error) {
    throw new UnreadableEvent(stored.type, stored.stream, stored.revision, error);
  }
};
