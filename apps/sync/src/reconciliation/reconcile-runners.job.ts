import type { CallPriority } from '#libs/github';
import { type CycleEnd, problemOfFailure } from '../cycles/cycle-outcome.js';
import { Trouble } from '../scheduling/trouble.js';
import type { TrackedRunnerRow } from '../tracking/tracked-runner.entity.js';
import type { Listed } from './github-lookout.js';
import type { Tenure } from './lease.js';
import type { LeftBehind } from './left-behind.js';
import type { LookingParts } from './looking-parts.js';
import type { Unmanaged, UnmanagedRunnersReporter } from './unmanaged-runners.reporter.js';

/** All runners of ours against all of GitHub's. A listing that failed changes nothing. */
export class ReconcileRunnersJob {
  private readonly trouble: Trouble;
  /** Ids of runners of ours that the last listing did not show. */
  private missingBefore: ReadonlySet<string> = new Set();

  constructor(
    private readonly parts: LookingParts & {
      unmanaged: Pick<UnmanagedRunnersReporter, 'report'>;
      leftBehind: Pick<LeftBehind, 'report'>;
    },
  ) {
    this.trouble = new Trouble(parts.logger, 'looking at all runners');
  }

  /** @param priority `high` when somebody waits for the result */
  async run(tenure: Tenure, priority: CallPriority): Promise<CycleEnd> {
    const { runners, lookout, reporter, leftBehind, metrics } = this.parts;
    const startedAt = new Date().toISOString();
    try {
      const tracked = await runners.atGithub();
      const seen = await lookout.list(tracked, priority, (missing) =>
        this.worthConfirming(missing, priority),
      );
      const reported = await reporter.report(seen.sights, tenure);
      const unmanaged = await this.strangers(seen, tracked, tenure);
      await leftBehind.report(seen.listed, tenure.signal);
      metrics.cycles.inc({ look: 'all', result: 'completed' });
      this.trouble.over();
      const result = {
        updated: reported.updated,
        deleted: reported.deleted,
        unchanged: seen.unchanged + reported.unchanged,
        errors: reported.errors + seen.errors.length,
        labelDrifts: seen.labelDrifts,
        unmanaged: unmanaged.total,
        total: tracked.length,
      };
      return { startedAt, endedAt: new Date().toISOString(), result, unmanaged };
    } catch (error) {
      metrics.cycles.inc({ look: 'all', result: 'failed' });
      this.trouble.met(error);
      return { startedAt, endedAt: new Date().toISOString(), problem: problemOfFailure(error) };
    }
  }

  /**
   * A runner that has done its job is gone from the list, and a webhook is about to say so: without credit, only
   * those are asked for that were missing the last time too, or when somebody waits for the answer.
   */
  private worthConfirming(
    missing: readonly TrackedRunnerRow[],
    priority: CallPriority,
  ): readonly TrackedRunnerRow[] {
    const { credit } = this.parts;
    const { missingBefore } = this;
    this.missingBefore = new Set(missing.map(({ id }) => id));
    if (credit === undefined || priority === 'high' || missing.length <= credit.available()) return missing;
    return missing.filter(({ id }) => missingBefore.has(id));
  }

  /** Also those are ours that are recognised by their name, because GitHub's id of them is not known yet. */
  private strangers(
    { listed, sights, seenAt }: Listed,
    tracked: readonly TrackedRunnerRow[],
    tenure: Tenure,
  ): Promise<Unmanaged> {
    const known = tracked.map(({ githubRunnerId }) => githubRunnerId);
    const adopted = sights.map(({ observation }) =>
      observation.status === 'absent' ? null : observation.githubRunnerId,
    );
    const ours = new Set([...known, ...adopted].flatMap((id) => id ?? []));
    return this.parts.unmanaged.report(listed, ours, seenAt, tenure);
  }
}
