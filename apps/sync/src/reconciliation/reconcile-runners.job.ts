import type { CallPriority } from '#libs/github';
import { type CycleEnd, problemOfFailure } from '../cycles/cycle-outcome.js';
import { Trouble } from '../scheduling/trouble.js';
import type { Tenure } from './lease.js';
import type { LookingParts } from './looking-parts.js';

/** All runners of ours against all of GitHub's. A listing that failed changes nothing. */
export class ReconcileRunnersJob {
  private readonly trouble: Trouble;

  constructor(private readonly parts: LookingParts) {
    this.trouble = new Trouble(parts.logger, 'looking at all runners');
  }

  /** @param priority `high` when somebody waits for the result */
  async run(tenure: Tenure, priority: CallPriority): Promise<CycleEnd> {
    const { runners, lookout, reporter, metrics } = this.parts;
    const startedAt = new Date().toISOString();
    try {
      const tracked = await runners.atGithub();
      const { sights, unchanged, errors, labelDrifts } = await lookout.list(tracked, priority);
      const reported = await reporter.report(sights, tenure);
      metrics.cycles.inc({ look: 'all', result: 'completed' });
      this.trouble.over();
      const result = {
        updated: reported.updated,
        deleted: reported.deleted,
        unchanged: unchanged + reported.unchanged,
        errors: reported.errors + errors.length,
        labelDrifts,
        unmanaged: 0,
        total: tracked.length,
      };
      return { startedAt, endedAt: new Date().toISOString(), result };
    } catch (error) {
      metrics.cycles.inc({ look: 'all', result: 'failed' });
      this.trouble.met(error);
      return { startedAt, endedAt: new Date().toISOString(), problem: problemOfFailure(error) };
    }
  }
}
