import type { Decision, Event, ProblemCode } from '#libs/contracts';
import { refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

/** Who holds the claim, if anybody. */
export type ClaimState = { heldBy: undefined } | { heldBy: string; claimedAt: string };

export type Claim = {
  type: 'Claim';
  holder: string;
  at: string;
  /** A holder that is known not to use what it has claimed: its claim may be taken over. */
  idle?: string;
};
export type ReleaseClaim = { type: 'ReleaseClaim'; holder: string; at: string };
export type ClaimCommand = Claim | ReleaseClaim;

/** The facts in which one kind of claim is told, and what is said when it is taken. */
export type ClaimWords<E extends Event> = {
  claimed: (holder: string, at: string) => E;
  released: (holder: string, at: string) => E;
  /** Undefined: the event gives the claim back. */
  holderIn: (event: E) => { holder: string; claimedAt: string } | undefined;
  taken: { code: ProblemCode; detail: string };
};

/** Something that only one may have at a time: a name, an e-mail, an issuer. Decided with an expected revision. */
export const claimDecider = <E extends Event>({
  claimed,
  released,
  holderIn,
  taken,
}: ClaimWords<E>): Decider<ClaimCommand, ClaimState, E> => {
  const claim = ({ holder, at, idle }: Claim, { heldBy }: ClaimState): Decision<E> => {
    if (heldBy === holder) return [];
    if (heldBy !== undefined && heldBy !== idle) return refused(taken.code, taken.detail);
    return [claimed(holder, at)];
  };
  const release = ({ holder, at }: ReleaseClaim, { heldBy }: ClaimState): Decision<E> =>
    heldBy === holder ? [released(holder, at)] : [];

  return {
    initial: { heldBy: undefined },
    decide: (command, state) => {
      switch (command.type) {
        case 'Claim':
          return claim(command, state);
        case 'ReleaseClaim':
          return release(command, state);
      }
    },
    evolve: (_, event) => {
      const held = holderIn(event);
      return held ? { heldBy: held.holder, claimedAt: held.claimedAt } : { heldBy: undefined };
    },
  };
};
