import type { Decision, Event } from '#libs/contracts';

/** The rules of one kind of stream as a value. Pure: no clock, no randomness, nothing that runs. */
export type Decider<Command, State, E extends Event> = {
  /** Before anything happened. */
  initial: State;
  decide: (command: Command, state: State) => Decision<E>;
  evolve: (state: State, event: E) => State;
};
