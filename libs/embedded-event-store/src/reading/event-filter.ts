import type { EventHeader } from '../log/recorded-event.js';

/** A filter as a client states it. */
export interface FilterExpression {
  readonly on: 'stream-name' | 'event-type';
  /** Not anchored. One that is not empty wins over the prefixes. */
  readonly regex: string;
  readonly prefixes: readonly string[];
}

export type EventFilter = (header: Pick<EventHeader, 'streamName' | 'type'>) => boolean;

/** @throws SyntaxError when the regular expression is none */
export const compileFilter = ({ on, regex, prefixes }: FilterExpression): EventFilter => {
  const passes = regex === '' ? startsWithAny(prefixes) : matches(new RegExp(regex));
  return on === 'stream-name' ? ({ streamName }) => passes(streamName) : ({ type }) => passes(type);
};

const startsWithAny =
  (prefixes: readonly string[]) =>
  (text: string): boolean =>
    prefixes.some((prefix) => text.startsWith(prefix));

const matches =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);
