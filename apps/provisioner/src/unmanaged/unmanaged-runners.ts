import { Inject, Injectable } from '@nestjs/common';
import { streams, type UnmanagedRunner, type UnmanagedRunnersEvent } from '#libs/contracts';
import { type EventStore, type Handled, handleCommand, type Loaded, load } from '#libs/event-store';
import type { Origin } from '../origin.js';
import { EVENT_STORE, PROVISIONING } from '../provisioner.tokens.js';
import type { ProvisioningConfig } from '../runner/provisioning-config.js';
import { isKnown, isLive, type RunnerState } from '../runner/runner.state.js';
import { Runners } from '../runner/runners.js';
import { wasGoodAt } from '../runner/token-validity.js';
import { RunnerNames } from '../runner-name/runner-names.js';
import {
  isReported,
  type ReportUnmanaged,
  type UnmanagedRunners as State,
  unmanagedRunnersDecider,
} from './unmanaged-runners.decider.js';

type Scoped = Pick<ProvisioningConfig, 'scope' | 'installationId'>;

/** Runners of the organisation that were registered behind the service's back. */
@Injectable()
export class UnmanagedRunners {
  private known: Loaded<State> | undefined;

  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly names: RunnerNames,
    private readonly runners: Runners,
    @Inject(PROVISIONING) private readonly config: Scoped,
  ) {}

  /**
   * Those of the runners that are nobody's here. Whoever looks at GitHub may be behind the log; the log itself is
   * not: a name is claimed before GitHub is asked to make its runner.
   */
  async among<Runner extends UnmanagedRunner>(runners: readonly Runner[], seenAt: string): Promise<Runner[]> {
    const { state } = await this.load();
    const judged = await Promise.all(
      runners.map(
        async (runner) => isReported(state, runner.githubRunnerId) || !(await this.maybeOurs(runner, seenAt)),
      ),
    );
    return runners.filter((_, index) => judged[index]);
  }

  async report(
    seen: Pick<ReportUnmanaged, 'runners' | 'total' | 'seenAt'>,
    origin: Origin,
  ): Promise<Handled<State, UnmanagedRunnersEvent>> {
    const { scope, installationId } = this.config;
    const command = { type: 'ReportUnmanaged' as const, scope, installationId, ...seen };
    const loaded = await this.load();
    const handled = await handleCommand(this.store, unmanagedRunnersDecider, this.stream, command, {
      ...origin,
      loaded,
    });
    this.known = handled;
    return handled;
  }

  private get stream(): string {
    return streams.unmanagedRunners(this.config.scope);
  }

  /** Another replica may have told of some since. */
  private async load(): Promise<Loaded<State>> {
    this.known = await load(this.store, unmanagedRunnersDecider, this.stream, this.known);
    return this.known;
  }

  /** True also while a runner of that name is being made, or made again: which id GitHub gives it is not known yet. */
  private async maybeOurs({ name, githubRunnerId }: UnmanagedRunner, seenAt: string): Promise<boolean> {
    const { heldBy, claimants } = await this.names.claimants(this.config.scope, name);
    for (const runnerId of claimants) {
      const { state } = await this.runners.load(runnerId);
      const id = githubIdOf(state);
      if (id === githubRunnerId || (runnerId === heldBy && mayGetAnId(state, seenAt))) return true;
    }
    return false;
  }
}

const mayGetAnId = (state: RunnerState, seenAt: string): boolean =>
  githubIdOf(state) === undefined || (isLive(state) && wasGoodAt(state.tokenValid, seenAt));

const githubIdOf = (state: RunnerState): number | undefined =>
  isKnown(state) && 'githubRunnerId' in state ? state.githubRunnerId : undefined;
