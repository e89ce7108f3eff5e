import { type Event, isRefusal, Problem, problemOfRefusal, type Recorded } from '#libs/contracts';
import type { Decider } from './decider.js';
import { eventIdOf } from './event-id.js';
import { type EventStore, type NewMetadata, RevisionConflict } from './event-store.port.js';

/** A stream folded: its state and the revision that state stands for. */
export type Loaded<State> = { state: State; revision: bigint | 'no_stream' };

export type Handled<State, E> = Loaded<State> & {
  /** What was recorded; empty when nothing was new. */
  events: readonly E[];
  /** Place of the last recorded event in the log; absent when nothing was recorded. */
  position: bigint | undefined;
};

export type CommandOptions<State> = {
  /** Identity of the command: the same command records the same events. */
  commandId: string;
  metadata: NewMetadata;
  /** Milliseconds since 1970; after it conflicts are not decided again. */
  deadline: number;
  /** A state known already, so that the stream need not be read first. */
  loaded?: Loaded<State>;
  /** The command stands or falls with what was loaded: whoever was faster is told of by a `RevisionConflict`. */
  unlessOvertaken?: boolean;
};

/**
 * One command against one stream: read, fold, decide, append expecting the revision that was read; on a conflict
 * read what is new and decide again.
 * @throws Problem of the decider's refusal
 * @throws RevisionConflict only `unlessOvertaken`
 */
export const handleCommand = async <Command, State, E extends Event>(
  store: EventStore,
  decider: Decider<Command, State, E>,
  stream: string,
  command: Command,
  { commandId, metadata, deadline, loaded, unlessOvertaken = false }: CommandOptions<State>,
): Promise<Handled<State, E>> => {
  let current = loaded ?? (await load(store, decider, stream));
  for (;;) {
    const decision = decider.decide(command, current.state);
    if (isRefusal(decision)) throw problemOfRefusal(decision);
    if (decision.length === 0) return { ...current, events: [], position: undefined };

    const newEvents = decision.map((event, index) => ({
      ...event,
      id: eventIdOf(commandId, stream, index),
      metadata,
    }));
    try {
      const { revision, position } = await store.append(stream, newEvents, current.revision, { deadline });
      return { state: decision.reduce(decider.evolve, current.state), revision, events: decision, position };
    } catch (error) {
      if (!(error instanceof RevisionConflict) || unlessOvertaken) throw error;
      if (Date.now() > deadline) throw tooMuchTraffic(stream, error);
      current = await load(store, decider, stream, current);
    }
  }
};

/** Folds a stream, going on from what is known of it. */
export const load = async <Command, State, E extends Event>(
  store: EventStore,
  decider: Decider<Command, State, E>,
  stream: string,
  known: Loaded<State> = { state: decider.initial, revision: 'no_stream' },
): Promise<Loaded<State>> => {
  const from = known.revision === 'no_stream' ? 0n : known.revision + 1n;
  const events = await store.read(stream, { from });
  return {
    state: events.reduce((state, event) => decider.evolve(state, asDeciderEvent<E>(event)), known.state),
    revision: events.at(-1)?.revision ?? known.revision,
  };
};

/** The codec has checked the type and the shape; a category's streams hold that category's events only. */
const asDeciderEvent = <E extends Event>(event: Recorded): E => event as unknown as E;

const tooMuchTraffic = (stream: string, cause: unknown) =>
  new Problem(
    'service-unavailable',
    'Too many writers want the same thing right now. Try again in a moment.',
    {
      retryAfterSeconds: 1,
      cause: new Error(`no append to ${stream} got through before the deadline`, { cause }),
    },
  );
