import type { Recorded } from '#libs/contracts';
import { type EventCodec, factCodec } from './event-codec.js';
import {
  type Appended,
  type EventStore,
  type ExpectedRevision,
  type FollowOptions,
  LogRolledBack,
  type NewEvent,
  type Retention,
  RevisionConflict,
} from './event-store.port.js';

/** The log as an array: the twin of the real one for specs that need no server. */
export const inMemoryEventStore = (
  codec: EventCodec = factCodec,
): EventStore & { all(): readonly Recorded[] } => {
  const log: Recorded[] = [];
  const followers = new Set<() => void>();

  const retentions = new Map<string, Retention>();
  const inStream = (stream: string) => log.filter((event) => event.stream === stream);
  const visibleIn = (stream: string) => {
    const { maxCount = Number.POSITIVE_INFINITY, maxAgeSeconds = Number.POSITIVE_INFINITY } =
      retentions.get(stream) ?? {};
    const since = Date.now() - maxAgeSeconds * 1000;
    return inStream(stream)
      .slice(-maxCount)
      .filter(({ recordedAt }) => recordedAt.getTime() > since);
  };

  const append = async (
    stream: string,
    events: readonly NewEvent[],
    expected: ExpectedRevision,
  ): Promise<Appended> => {
    const existing = inStream(stream);
    const current = existing.at(-1)?.revision ?? -1n;
    const wanted = expected === 'no_stream' ? -1n : expected;
    const repeat = repeated(existing, events, wanted === 'any' ? undefined : wanted);
    if (repeat) return { revision: repeat.revision, position: repeat.position };
    if (wanted !== 'any' && wanted !== current) throw new RevisionConflict(stream);

    const recorded = events.map((event, index) =>
      codec.decode({
        ...codec.encode(event),
        id: event.id,
        type: event.type,
        stream,
        revision: current + 1n + BigInt(index),
        position: BigInt(log.length + index + 1),
        recordedAt: new Date(),
      }),
    );
    log.push(...recorded);
    for (const wake of followers) wake();
    const last = recorded.at(-1);
    return { revision: last?.revision ?? current, position: last?.position ?? 0n };
  };

  const follow = async ({ prefixes, after = 0n, seen = [], onFacts, onCaughtUp, signal }: FollowOptions) => {
    const lost = seen.filter(({ position, id }) => log[Number(position) - 1]?.id !== id);
    if (lost.length > 0) throw new LogRolledBack(lost);
    let position = after;
    while (!signal.aborted) {
      const facts = log.filter(
        (event) => event.position > position && prefixes.some((prefix) => event.stream.startsWith(prefix)),
      );
      const end = log.at(-1)?.position ?? 0n;
      if (end > position) {
        await onFacts(facts, end);
        position = end;
        continue;
      }
      onCaughtUp?.();
      if (signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          followers.delete(wake);
          resolve();
        };
        followers.add(wake);
        signal.addEventListener('abort', wake, { once: true });
      });
    }
  };

  return {
    append,
    read: async (stream, { from = 0n } = {}) => visibleIn(stream).filter((event) => event.revision >= from),
    readBackwards: async (stream, count) => visibleIn(stream).reverse().slice(0, count),
    retain: async (stream, retention) => {
      retentions.set(stream, { ...retentions.get(stream), ...retention });
    },
    end: async () => log.at(-1)?.position ?? 0n,
    follow,
    close: async () => {},
    all: () => [...log],
  };
};

/** The store's rule for an append that has been there before: same ids from the expected place on. */
const repeated = (
  existing: readonly Recorded[],
  events: readonly NewEvent[],
  expected: bigint | undefined,
) => {
  const start =
    expected === undefined ? existing.findIndex((event) => event.id === events[0]?.id) : Number(expected) + 1;
  if (start < 0) return undefined;
  const stored = existing.slice(start, start + events.length);
  const same =
    stored.length === events.length && stored.every((event, index) => event.id === events[index]?.id);
  return same ? stored.at(-1) : undefined;
};
