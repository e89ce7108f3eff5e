import { expect } from '@jest/globals';
import { type Decision, type Event, isRefusal, type ProblemCode } from '#libs/contracts';

type DeciderUnderTest<Command, State, E extends Event> = {
  initial: State;
  decide: (command: Command, state: State) => Decision<E>;
  evolve: (state: State, event: E) => State;
};

/**
 * A rule as an example: `given(decider, ...facts).when(command).thenRecorded(...facts)`. The last step is not called
 * `then`, because `await` would take that for a promise.
 */
export const given = <Command, State, E extends Event>(
  decider: DeciderUnderTest<Command, State, E>,
  ...facts: readonly E[]
) => ({
  when: (command: Command) => {
    const decision = decider.decide(command, facts.reduce(decider.evolve, decider.initial));
    return {
      /** Exactly these facts, every field of them. */
      thenRecorded: (...expected: readonly E[]) => expect(decision).toEqual(expected),
      /** It is so already. */
      thenNothing: () => expect(decision).toEqual([]),
      thenRefused: (code: ProblemCode, members: Record<string, unknown> = {}) => {
        if (!isRefusal(decision)) throw new Error(`was not refused but recorded ${JSON.stringify(decision)}`);
        expect({ code: decision.refused, members: decision.members }).toEqual({ code, members });
      },
    };
  },
});
