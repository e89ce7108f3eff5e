import { Trouble } from '../scheduling/trouble.js';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';
import type { Looked } from './github-lookout.js';
import type { Tenure } from './lease.js';
import type { LookingParts } from './looking-parts.js';

/** More than this would eat up GitHub's hourly budget. */
const MOST_LOOKUPS = 20;

/** Whether runners that were handed out have connected: nobody but a look at GitHub tells. */
export class WatchPendingRunnersJob {
  private readonly trouble: Trouble;

  constructor(private readonly parts: LookingParts) {
    this.trouble = new Trouble(parts.logger, 'looking for pending runners');
  }

  async run(tenure: Tenure): Promise<void> {
    const { runners, reporter, metrics } = this.parts;
    try {
      const pending = await runners.pending();
      if (pending.length === 0) return;
      const { sights, errors } = await this.look(pending);
      await reporter.report(sights, tenure);
      metrics.cycles.inc({ look: 'pending', result: errors.length === 0 ? 'completed' : 'failed' });
      if (errors.length === 0) this.trouble.over();
      else this.trouble.met(errors[0]);
    } catch (error) {
      metrics.cycles.inc({ look: 'pending', result: 'failed' });
      this.trouble.met(error);
    }
  }

  /** Whatever asks GitHub less: a page of the list shows a hundred runners and is free while it has not changed. */
  private look(pending: readonly TrackedRunnerRow[]): Promise<Looked> {
    const { lookout } = this.parts;
    const most = Math.min(MOST_LOOKUPS, lookout.listingCost ?? MOST_LOOKUPS);
    return pending.length > most ? lookout.list(pending, 'high') : lookout.lookUp(pending, 'high');
  }
}
