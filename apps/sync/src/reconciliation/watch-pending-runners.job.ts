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
  /** When each was looked at last; the ones never looked at come first. */
  private lookedAt: ReadonlyMap<string, number> = new Map();

  constructor(private readonly parts: LookingParts) {
    this.trouble = new Trouble(parts.logger, 'looking for pending runners');
  }

  async run(tenure: Tenure): Promise<void> {
    const { runners, reporter, metrics } = this.parts;
    try {
      const pending = await runners.pending();
      this.noteArrivals(pending);
      if (pending.length === 0) return;
      const looked = await this.look(pending);
      if (looked === 'later') {
        metrics.cycles.inc({ look: 'pending', result: 'put-off' });
        return;
      }
      const { sights, errors } = looked;
      await reporter.report(sights, tenure);
      metrics.cycles.inc({ look: 'pending', result: errors.length === 0 ? 'completed' : 'failed' });
      if (errors.length === 0) this.trouble.over();
      else this.trouble.met(errors[0]);
    } catch (error) {
      metrics.cycles.inc({ look: 'pending', result: 'failed' });
      this.trouble.met(error);
    }
  }

  private noteArrivals(pending: readonly TrackedRunnerRow[]): void {
    this.parts.credit?.provisioned(pending.filter(({ id }) => !this.lookedAt.has(id)).length);
    this.lookedAt = new Map(pending.map(({ id }) => [id, this.lookedAt.get(id) ?? 0]));
  }

  /** Whatever asks GitHub less: a page of the list shows a hundred runners and is free while it has not changed. */
  private async look(pending: readonly TrackedRunnerRow[]): Promise<Looked | 'later'> {
    const { lookout, credit } = this.parts;
    const cost = lookout.listingCost;
    const affordable = credit ? credit.available() : Number.POSITIVE_INFINITY;
    if (pending.length > Math.min(MOST_LOOKUPS, cost ?? MOST_LOOKUPS) && (cost ?? 1) <= affordable)
      return lookout.list(pending, 'low', (missing) => missing.slice(0, credit?.available()));
    const due = this.leastRecentlyLookedAt(pending, Math.min(MOST_LOOKUPS, affordable));
    return due.length === 0 ? 'later' : lookout.lookUp(due, 'low');
  }

  private leastRecentlyLookedAt(pending: readonly TrackedRunnerRow[], most: number): TrackedRunnerRow[] {
    const since = ({ id }: TrackedRunnerRow) => this.lookedAt.get(id) ?? 0;
    const due = pending.toSorted((a, b) => since(a) - since(b)).slice(0, most);
    const now = performance.now();
    this.lookedAt = new Map([...this.lookedAt, ...due.map(({ id }) => [id, now] as const)]);
    return due;
  }
}
