import type { FilterQuery } from '@mikro-orm/core';
import type { Database } from '#libs/read-model';
import { LIVE_STATES, TrackedRunner, type TrackedRunnerRow } from './tracked-runner.entity.js';

/** Questions about the runners that are looked after. */
export class TrackedRunners {
  constructor(private readonly database: Pick<Database, 'em'>) {}

  /** Not yet connected. */
  pending(): Promise<TrackedRunnerRow[]> {
    return this.find({ state: 'pending' });
  }

  /** At GitHub as far as we know, those on their way out included. */
  atGithub(): Promise<TrackedRunnerRow[]> {
    return this.find({ state: { $in: [...LIVE_STATES, 'deleting'] } });
  }

  /** Those for which something may have been left open. */
  unsettled(now: Date, staleAfterMs: number): Promise<TrackedRunnerRow[]> {
    return this.find({
      $or: [
        { state: { $in: ['claimed', 'requested', 'deleting'] } },
        { state: 'pending', expiresAt: { $lt: now } },
        { state: 'offline', stateSince: { $lt: new Date(now.getTime() - staleAfterMs) } },
        { state: { $in: [...LIVE_STATES] }, cancellingSince: { $ne: null } },
        { state: 'ended', $or: [{ nameHeldSince: { $ne: null } }, { slotHeldSince: { $ne: null } }] },
      ],
    });
  }

  /** Which of GitHub's ids are a runner's of ours, ended ones included. */
  async knownGithubIds(ids: readonly number[]): Promise<ReadonlySet<number>> {
    if (ids.length === 0) return new Set();
    const rows = await this.find({ githubRunnerId: { $in: [...ids] } });
    return new Set(rows.flatMap(({ githubRunnerId }) => githubRunnerId ?? []));
  }

  /** Those that had ended before an instant, of the ones with these ids at GitHub. */
  endedBefore(instant: Date, githubRunnerIds: readonly number[]): Promise<TrackedRunnerRow[]> {
    if (githubRunnerIds.length === 0) return Promise.resolve([]);
    return this.find({
      state: 'ended',
      stateSince: { $lt: instant },
      githubRunnerId: { $in: [...githubRunnerIds] },
    });
  }

  /** Those whose registration token was good at an instant, or later. */
  withTokenSince(instant: Date): Promise<TrackedRunnerRow[]> {
    return this.find({ tokenExpiresAt: { $gte: instant } });
  }

  /** Forgets those that ended before an instant and hold nothing. */
  async forgetEndedBefore(instant: Date): Promise<void> {
    await this.database.em().nativeDelete(TrackedRunner, {
      state: 'ended',
      stateSince: { $lt: instant },
      nameHeldSince: null,
      slotHeldSince: null,
    });
  }

  private find(where: FilterQuery<TrackedRunnerRow>): Promise<TrackedRunnerRow[]> {
    return this.database.em().find(TrackedRunner, where, { disableIdentityMap: true });
  }
}
