import { Inject, Injectable } from '@nestjs/common';
import { may, type Principal } from '#libs/access';
import { Problem, type RunnerNameEvent, type Scope, streams } from '#libs/contracts';
import type { EventStore, Loaded } from '#libs/event-store';
import { EVENT_STORE, PROVISIONING } from '../provisioner.tokens.js';
import type { KnownRunner, RunnerState } from './runner.state.js';
import { isKnown } from './runner.state.js';
import { Runners } from './runners.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export type FoundRunner = Loaded<RunnerState> & { state: KnownRunner };

/** Finds runners in the log itself, so that what was just written is found. */
@Injectable()
export class FindRunner {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly runners: Runners,
    @Inject(PROVISIONING) private readonly config: { scope: Scope },
  ) {}

  /**
   * By id, or the newest of that name the caller may see.
   * @throws Problem `runner-unknown`, also for what belongs to somebody else
   */
  async visibleTo(principal: Principal, reference: string): Promise<FoundRunner> {
    for (const runnerId of await this.candidates(reference)) {
      const loaded = await this.runners.load(runnerId);
      const { state } = loaded;
      if (isKnown(state) && may(principal, 'runner.see', state)) return { ...loaded, state };
    }
    throw new Problem(
      'runner-unknown',
      'There is no such runner, or it is not yours. GET /api/v1/runners lists yours.',
    );
  }

  private async candidates(reference: string): Promise<string[]> {
    if (UUID.test(reference)) return [reference.toLowerCase()];
    const history = await this.store.read(streams.runnerName(this.config.scope, reference));
    return history
      .map((event) => event as unknown as RunnerNameEvent)
      .flatMap(({ type, data }) => (type === 'RunnerNameClaimed' ? [data.runnerId] : []))
      .reverse();
  }
}
