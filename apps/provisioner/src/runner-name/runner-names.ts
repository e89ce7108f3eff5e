import { Inject, Injectable } from '@nestjs/common';
import { type Recorded, type RunnerEvent, type RunnerNameEvent, streams } from '#libs/contracts';
import { type EventStore, handleCommand, type Loaded, load } from '#libs/event-store';
import type { Origin } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { type ClaimRunnerName, type RunnerNameState, runnerNameDecider } from './runner-name.decider.js';

/** Seconds after which a claim whose runner never appeared may be taken over. */
const ABANDONED_AFTER_SECONDS = 60;
const REMEMBERED = 2_000;

/** Claims and releases of runner names. */
@Injectable()
export class RunnerNames {
  /** Names this replica has claimed and not released: the release is spared a read. */
  private readonly recent = new Map<string, Loaded<RunnerNameState>>();

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws Problem `runner-name-taken` */
  async claim(command: Omit<ClaimRunnerName, 'type' | 'neverAppeared'>, origin: Origin): Promise<void> {
    const stream = streams.runnerName(command.scope, command.runnerName);
    try {
      const fresh = { state: runnerNameDecider.initial, revision: 'no_stream' as const };
      const claimed = await handleCommand(
        this.store,
        runnerNameDecider,
        stream,
        { type: 'ClaimRunnerName', ...command },
        {
          ...origin,
          loaded: fresh,
        },
      );
      this.remember(stream, claimed);
    } catch (refusal) {
      const neverAppeared = await this.holderThatNeverAppeared(stream, command.at);
      if (neverAppeared === undefined) throw refusal;
      await handleCommand(
        this.store,
        runnerNameDecider,
        stream,
        { type: 'ClaimRunnerName', ...command, neverAppeared },
        { ...origin, commandId: `${origin.commandId}/take-over` },
      );
    }
  }

  async release(
    {
      scope,
      runnerName,
      runnerId,
      at,
    }: { scope: ClaimRunnerName['scope']; runnerName: string; runnerId: string; at: string },
    origin: Origin,
  ): Promise<void> {
    const stream = streams.runnerName(scope, runnerName);
    const loaded = this.recent.get(stream);
    this.recent.delete(stream);
    await handleCommand(
      this.store,
      runnerNameDecider,
      stream,
      { type: 'ReleaseRunnerName', runnerId, at },
      // what was claimed for another runner since is not ours to release: that has to be looked up
      loaded?.state.heldBy === runnerId ? { ...origin, loaded } : origin,
    );
  }

  private remember(stream: string, { state, revision }: Loaded<RunnerNameState>): void {
    this.recent.set(stream, { state, revision });
    if (this.recent.size <= REMEMBERED) return;
    const [oldest] = this.recent.keys();
    if (oldest !== undefined) this.recent.delete(oldest);
  }

  /** Whoever holds the name now, if anybody. */
  async holder(scope: ClaimRunnerName['scope'], runnerName: string): Promise<string | undefined> {
    const { state } = await load(this.store, runnerNameDecider, streams.runnerName(scope, runnerName));
    return state.heldBy;
  }

  /** The runners that have had the name, the newest first, and the one that has it now. */
  async claimants(
    scope: ClaimRunnerName['scope'],
    runnerName: string,
  ): Promise<{ heldBy: string | undefined; claimants: string[] }> {
    const history = (await this.store.read(
      streams.runnerName(scope, runnerName),
    )) as readonly Recorded<RunnerNameEvent>[];
    const { heldBy } = history.reduce(runnerNameDecider.evolve, runnerNameDecider.initial);
    const claimants = history.flatMap(({ type, data }) =>
      type === 'RunnerNameClaimed' ? [data.runnerId] : [],
    );
    return { heldBy, claimants: claimants.reverse() };
  }

  /** Whether a claim at that instant would be granted. Nothing is recorded. */
  async isFree(scope: ClaimRunnerName['scope'], runnerName: string, at: string): Promise<boolean> {
    if ((await this.holder(scope, runnerName)) === undefined) return true;
    return (await this.holderThatNeverAppeared(streams.runnerName(scope, runnerName), at)) !== undefined;
  }

  /** The user who claimed the name for this runner. */
  async claimedBy(
    scope: ClaimRunnerName['scope'],
    runnerName: string,
    runnerId: string,
  ): Promise<string | undefined> {
    const history = await this.store.read(streams.runnerName(scope, runnerName));
    const claim = (history as readonly Recorded<RunnerNameEvent>[]).findLast(
      ({ type, data }) => type === 'RunnerNameClaimed' && data.runnerId === runnerId,
    );
    return claim?.metadata.actor.userId;
  }

  private async holderThatNeverAppeared(stream: string, now: string): Promise<string | undefined> {
    const { state } = await load(this.store, runnerNameDecider, stream);
    if (state.heldBy === undefined) return undefined;
    const ageSeconds = (Date.parse(now) - Date.parse(state.claimedAt)) / 1000;
    if (ageSeconds < ABANDONED_AFTER_SECONDS) return undefined;
    const runner = await this.store.read(streams.runner(state.heldBy));
    const appeared = runner.some(
      ({ type }) => type !== ('RunnerProvisioningAbandoned' satisfies RunnerEvent['type']),
    );
    return appeared ? undefined : state.heldBy;
  }
}
