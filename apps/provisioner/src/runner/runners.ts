import { Inject, Injectable } from '@nestjs/common';
import { isRefusal, type RunnerEvent, streams } from '#libs/contracts';
import { type EventStore, type Handled, handleCommand, type Loaded, load } from '#libs/event-store';
import { holderOf } from '../capacity/capacity-holder.js';
import { SealedAnswers } from '../idempotency/sealed-answers.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { Holdings } from './holdings.js';
import { RecentRunners } from './recent-runners.js';
import { type RunnerCommand, runnerDecider } from './runner.decider.js';
import { hasEnded, isKnown, mayBeOrphan, type RunnerState } from './runner.state.js';

/** The runners' streams. Whatever ends a runner gives back what it held, in one place. */
@Injectable()
export class Runners {
  private readonly recent = new RecentRunners();

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly holdings: Holdings,
    private readonly sealedAnswers: SealedAnswers,
  ) {}

  async load(runnerId: string): Promise<Loaded<RunnerState>> {
    const loaded = await load(this.store, runnerDecider, streams.runner(runnerId));
    this.recent.remember(runnerId, loaded);
    return loaded;
  }

  /** The runner as this replica last saw it: others may have gone on with it since. */
  async recall(runnerId: string): Promise<RunnerState> {
    return (this.recent.of(runnerId) ?? (await this.load(runnerId))).state;
  }

  /** For a runner whose stream does not exist yet. */
  begin(
    runnerId: string,
    command: RunnerCommand,
    origin: Origin,
  ): Promise<Handled<RunnerState, RunnerEvent>> {
    return this.handle(runnerId, command, origin, { state: runnerDecider.initial, revision: 'no_stream' });
  }

  /** @throws Problem of the decider */
  async handle(
    runnerId: string,
    command: RunnerCommand,
    origin: Origin,
    loaded?: Loaded<RunnerState>,
  ): Promise<Handled<RunnerState, RunnerEvent>> {
    const stepOrigin = step(origin, command.type);
    const handled = await this.decideAndRecord(runnerId, command, stepOrigin, loaded);
    const { state, events } = handled;
    if (events.length > 0 && isKnown(state) && hasEnded(state) && !mayBeOrphan(state)) {
      await this.holdings.giveBack(
        { ...state, slotOf: holderOf(state) },
        new Date().toISOString(),
        stepOrigin,
      );
    }
    if (events.length > 0 && isKnown(state) && isSpent(state) && state.idempotencyKeySha256)
      await this.sealedAnswers.forget(runnerId, state.idempotencyKeySha256);
    return handled;
  }

  /**
   * What is remembered of a runner saves a read. A decision that records something is checked by the expected
   * revision; one that does not, or refuses, may rest on what another replica has overtaken and is made again.
   */
  private async decideAndRecord(
    runnerId: string,
    command: RunnerCommand,
    origin: Origin,
    loaded: Loaded<RunnerState> | undefined,
  ): Promise<Handled<RunnerState, RunnerEvent>> {
    const remembered = loaded ?? this.recent.of(runnerId);
    const decision = remembered && runnerDecider.decide(command, remembered.state);
    const records = decision !== undefined && !isRefusal(decision) && decision.length > 0;
    const known = loaded ?? (records ? remembered : await this.load(runnerId));
    const handled = await handleCommand(this.store, runnerDecider, streams.runner(runnerId), command, {
      ...origin,
      ...(known ? { loaded: known } : {}),
    });
    this.recent.remember(runnerId, handled);
    return handled;
  }
}

/** What its asker was answered is of no use to anybody any more. */
const isSpent = ({ state }: RunnerState): boolean => state !== 'requested' && state !== 'pending';
