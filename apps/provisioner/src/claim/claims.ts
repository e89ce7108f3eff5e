import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Event, Recorded } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { type ClaimCommand, type ClaimWords, claimDecider } from './claim.decider.js';

/** Seconds after which a claim that its holder does not use may be taken over. */
const ABANDONED_AFTER_SECONDS = 60;

/** One thing that can be claimed: where that is written down, in which words, and where its holder would be. */
export type Claimable<E extends Event> = ClaimWords<E> & {
  stream: string;
  holderStream: (holder: string) => string;
  /**
   * Whether somebody with this history has what was claimed for them. A crash may come between the claim and its
   * use, or between the end of the use and the release. Default: whoever has a history at all.
   */
  isUsedIn?: (history: readonly Recorded[]) => boolean;
};

/** Streams are named by digests where the thing itself is long, secret or somebody's address. */
export const digestOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('|')).digest('hex');

/** Takes and gives back what only one may have. */
@Injectable()
export class Claims {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws Problem as the claimable's words have it */
  async take<E extends Event>(
    claimable: Claimable<E>,
    holder: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    const command = { type: 'Claim', holder, at } as const;
    try {
      await this.handle(claimable, command, origin);
    } catch (refusal) {
      const idle = await this.idleHolder(claimable, at);
      if (idle === undefined) throw refusal;
      await this.handle(claimable, { ...command, idle }, step(origin, 'take-over'));
    }
  }

  /** Giving back what one does not hold is harmless. */
  async giveBack<E extends Event>(
    claimable: Claimable<E>,
    holder: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    await this.handle(claimable, { type: 'ReleaseClaim', holder, at }, step(origin, 'give-back'));
  }

  async holder<E extends Event>(claimable: Claimable<E>): Promise<string | undefined> {
    const { state } = await load(this.store, claimDecider(claimable), claimable.stream);
    return state.heldBy;
  }

  private handle<E extends Event>(claimable: Claimable<E>, command: ClaimCommand, origin: Origin) {
    const { stream } = claimable;
    return handleCommand(
      this.store,
      claimDecider(claimable),
      stream,
      command,
      step(origin, `${stream}/${command.holder}`),
    );
  }

  private async idleHolder<E extends Event>(
    claimable: Claimable<E>,
    now: string,
  ): Promise<string | undefined> {
    const { state } = await load(this.store, claimDecider(claimable), claimable.stream);
    if (state.heldBy === undefined) return undefined;
    const ageSeconds = (Date.parse(now) - Date.parse(state.claimedAt)) / 1000;
    if (ageSeconds < ABANDONED_AFTER_SECONDS) return undefined;
    const history = await this.store.read(claimable.holderStream(state.heldBy));
    const { isUsedIn = (facts) => facts.length > 0 } = claimable;
    return isUsedIn(history) ? undefined : state.heldBy;
  }
}
