import { randomUUID } from 'node:crypto';
import { type Scope, syncCycleEvent } from '#libs/contracts';
import { Trouble } from '../scheduling/trouble.js';
import type { Lease } from './lease.js';
import type { LookingParts } from './looking-parts.js';

/** All runners of ours against all of GitHub's. A listing that failed changes nothing. */
export class ReconcileRunnersJob {
  private readonly trouble: Trouble;

  constructor(private readonly parts: LookingParts & { scope: Scope }) {
    this.trouble = new Trouble(parts.logger, 'looking at all runners');
  }

  async run(lease: Pick<Lease, 'observer' | 'record'>, tenure: AbortSignal): Promise<void> {
    const { runners, lookout, reporter, metrics } = this.parts;
    const startedAt = new Date().toISOString();
    try {
      const tracked = await runners.atGithub();
      if (tracked.length === 0) return;
      const { sights, unchanged, errors } = await lookout.list(tracked, 'low');
      const reported = await reporter.report(sights, tenure);
      metrics.cycles.inc({ look: 'all', result: 'completed' });
      if (reported.updated + reported.deleted > 0 && !tenure.aborted) {
        const result = {
          updated: reported.updated,
          deleted: reported.deleted,
          unchanged: unchanged + reported.unchanged,
          errors: reported.errors + errors.length,
          total: tracked.length,
        };
        await lease.record(this.completed(lease.observer, startedAt, result));
      }
      this.trouble.over();
    } catch (error) {
      metrics.cycles.inc({ look: 'all', result: 'failed' });
      this.trouble.met(error);
    }
  }

  private completed(
    observer: string,
    startedAt: string,
    result: { updated: number; deleted: number; unchanged: number; errors: number; total: number },
  ) {
    const completedAt = new Date().toISOString();
    const { scope } = this.parts;
    return syncCycleEvent('SyncCycleCompleted')({
      scope,
      cycleId: randomUUID(),
      observer,
      startedAt,
      completedAt,
      result,
    });
  }
}
