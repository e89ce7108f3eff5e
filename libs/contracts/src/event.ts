import type { z } from 'zod';
import type { EventMetadata } from './message.js';

/** An event as a decider makes it and folds it. */
export type Event<Type extends string = string, Data = unknown> = { type: Type; data: Data };

/** The union of events a table of schemas describes: `{type, data}` per entry. */
export type EventsOf<Schemas extends Record<string, z.ZodType>> = {
  [Type in keyof Schemas & string]: Event<Type, z.infer<Schemas[Type]>>;
}[keyof Schemas & string];

/** A fact as the log holds it. */
export type Recorded<E extends Event = Event> = E & {
  id: string;
  stream: string;
  /** Number of this event within its stream, from 0. */
  revision: bigint;
  /** Place in the whole log; rising, with gaps. */
  position: bigint;
  recordedAt: Date;
  metadata: EventMetadata;
};

/**
 * Makes one constructor per event of a table, so that a rule can say
 * `runnerWentOffline({...})` and a misspelt field does not compile.
 */
export const eventConstructor =
  <E extends Event>() =>
  <Type extends E['type']>(type: Type) =>
  (data: Extract<E, { type: Type }>['data']): Extract<E, { type: Type }> =>
    ({ type, data }) as Extract<E, { type: Type }>;
