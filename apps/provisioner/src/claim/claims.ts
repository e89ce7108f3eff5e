import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Event, Recorded } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import {
  type Claim,
  type ClaimCommand,
  type ClaimWords,
  claimDecider,
  type Holding,
} from './claim.decider.js';

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
    await this.claim(claimable, { type: 'Claim', holder, at }, origin);
  }

  /**
   * The same for a holder who may be giving it back at this moment, see `giveBackFrom`: look at the holder, take, and
   * use it only if the holder is still as it was.
   * @throws Problem as the claimable's words have it
   */
  async takeAnew<E extends Event>(
    claimable: Claimable<E>,
    holder: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    await this.claim(claimable, { type: 'Claim', holder, at, anew: true }, origin);
  }

  /** For a holder who will never use it again. Giving back what one does not hold is harmless. */
  async giveBack<E extends Event>(
    claimable: Claimable<E>,
    holder: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    await this.handle(claimable, { type: 'ReleaseClaim', holder, at }, step(origin, 'give-back'));
  }

  /**
   * Once the holder has no use for it from this place in the log on. Whoever takes it anew for the same holder after
   * that keeps it; whoever did so before will find the holder changed.
   */
  async giveBackFrom<E extends Event>(
    position: bigint,
    claimable: Claimable<E>,
    holder: string,
    at: string,
    origin: Origin,
  ): Promise<void> {
    const [newest] = await this.store.readBackwards(claimable.stream, 1);
    if (newest === undefined || newest.position > position) return;
    const holding = Number(newest.revision) + 1;
    await this.handle(claimable, { type: 'ReleaseClaim', holder, at, holding }, step(origin, 'give-back'));
  }

  async holder<E extends Event>(claimable: Claimable<E>): Promise<string | undefined> {
    return (await this.look(claimable)).heldBy;
  }

  private async look<E extends Event>(claimable: Claimable<E>) {
    return (await load(this.store, claimDecider(claimable), claimable.stream)).state;
  }

  private async claim<E extends Event>(
    claimable: Claimable<E>,
    command: Claim,
    origin: Origin,
  ): Promise<void> {
    try {
      await this.handle(claimable, command, origin);
    } catch (refusal) {
      const idle = await this.idleHolding(claimable, command.at);
      if (idle === undefined) throw refusal;
      await this.handle(claimable, { ...command, idle }, step(origin, 'take-over'));
    }
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

  private async idleHolding<E extends Event>(
    claimable: Claimable<E>,
    now: string,
  ): Promise<Holding | undefined> {
    const state = await this.look(claimable);
    if (state.heldBy === undefined) return undefined;
    const ageSeconds = (Date.parse(now) - Date.parse(state.claimedAt)) / 1000;
    if (ageSeconds < ABANDONED_AFTER_SECONDS) return undefined;
    const history = await this.store.read(claimable.holderStream(state.heldBy));
    const { isUsedIn = (facts) => facts.length > 0 } = claimable;
    return isUsedIn(history) ? undefined : state.holding;
  }
}
