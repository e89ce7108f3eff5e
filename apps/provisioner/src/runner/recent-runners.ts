import type { Loaded } from '#libs/event-store';
import { hasEnded, type RunnerState } from './runner.state.js';

const MOST = 2_000;

/** The runners this replica has last dealt with, as it left them. Others may have gone on with them since. */
export class RecentRunners {
  private readonly runners = new Map<string, Loaded<RunnerState>>();

  of(runnerId: string): Loaded<RunnerState> | undefined {
    return this.runners.get(runnerId);
  }

  /** The one that was not heard of for longest makes room; a runner that has ended is not heard of again. */
  remember(runnerId: string, { state, revision }: Loaded<RunnerState>): void {
    this.runners.delete(runnerId);
    if (revision === 'no_stream' || hasEnded(state)) return;
    this.runners.set(runnerId, { state, revision });
    if (this.runners.size <= MOST) return;
    const [oldest] = this.runners.keys();
    if (oldest !== undefined) this.runners.delete(oldest);
  }
}
