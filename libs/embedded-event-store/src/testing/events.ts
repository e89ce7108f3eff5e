import { randomUUID } from 'node:crypto';
import { type JSONEventData, jsonEvent, type ResolvedEvent } from '@eventstore/db-client';

/** A stream of its own for each test. */
export const newStream = (category = 'order'): string => `${category}-${randomUUID()}`;

export const event = (data: Record<string, unknown> = {}, id: string = randomUUID()): JSONEventData =>
  jsonEvent({ id, type: 'Happened', data: data as Record<string, string> });

export const events = (count: number): JSONEventData[] =>
  Array.from({ length: count }, (_, n) => event({ n }));

export const all = async <T>(source: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
};

export const revisionsOf = (resolved: readonly ResolvedEvent[]): number[] =>
  resolved.map(({ event: recorded }) => Number(recorded?.revision));
