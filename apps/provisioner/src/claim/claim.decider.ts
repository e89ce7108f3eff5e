import type { Decision, Event, ProblemCode } from '#libs/contracts';
import { refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

/** One holding of a claim, told apart from others of the same holder: how many facts there are with it. */
export type Holding = number;
/** Who holds the claim, if anybody. */
export type ClaimState = { holding: Holding } & (
  | { heldBy: undefined }
  | { heldBy: string; claimedAt: string }
);

export type Claim = {
  type: 'Claim';
  holder: string;
  at: string;
  /** A holding that is known not to be used: it may be taken over. */
  idle?: Holding;
  /** Whoever holds it already holds it anew: who is about to give the old holding back does no harm any more. */
  anew?: boolean;
};
export type ReleaseClaim = {
  type: 'ReleaseClaim';
  holder: string;
  at: string;
  /** Default: whichever it is. */
  holding?: Holding;
};
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
  const claim = ({ holder, at, idle, anew }: Claim, { heldBy, holding }: ClaimState): Decision<E> => {
    if (heldBy === holder) return anew ? [claimed(holder, at)] : [];
    if (heldBy !== undefined && holding !== idle) return refused(taken.code, taken.detail);
    return [claimed(holder, at)];
  };
  const release = (
    { holder, at, holding }: ReleaseClaim,
    { heldBy, holding: current }: ClaimState,
  ): Decision<E> =>
    heldBy === holder && (holding === undefined || holding === current) ? [released(holder, at)] : [];

  return {
    initial: { heldBy: undefined, holding: 0 },
    decide: (command, state) => {
      switch (command.type) {
        case 'Claim':
          return claim(command, state);
        case 'ReleaseClaim':
          return release(command, state);
      }
    },
    evolve: (before, event) => {
      const holding = before.holding + 1;
      const held = holderIn(event);
      return held
        ? { heldBy: held.holder, claimedAt: held.claimedAt, holding }
        : { heldBy: undefined, holding };
    },
  };
};
