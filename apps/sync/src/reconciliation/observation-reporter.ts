import { randomUUID } from 'node:crypto';
import { subjects } from '#libs/contracts';
import { type Asking, isProvisionerAway } from '../provisioner-calls.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import { Turns } from '../scheduling/turns.js';
import type { SyncMetrics } from '../sync.metrics.js';
import type { Sight } from './github-lookout.js';
import type { Tenure } from './lease.js';

/** How reports were taken: `deleted` = recorded after GitHub had said that the runner is gone. */
export type Reported = { updated: number; deleted: number; unchanged: number; errors: number };

const AT_A_TIME = 16;

/** Tells the provisioner what was seen; it decides what that means. What is not told now is seen again next time. */
export class ObservationReporter {
  private readonly turns = new Turns(AT_A_TIME);
  private readonly trouble: Trouble;

  constructor(
    private readonly bus: Asking,
    private readonly metrics: SyncMetrics,
    private readonly logger: JobLog,
  ) {
    this.trouble = new Trouble(logger, 'telling the provisioner what GitHub shows');
  }

  /** One after another from the same look carries the same request id. */
  async report(sights: readonly Sight[], { term, signal }: Tenure): Promise<Reported> {
    const reported: Reported = { updated: 0, deleted: 0, unchanged: 0, errors: 0 };
    const requestId = randomUUID();
    let away = false;
    const tell = async (sight: Sight) => {
      if (away || signal.aborted) {
        reported.errors += 1;
        return;
      }
      try {
        const { runner, observation, seenAt } = sight;
        const body = { runnerId: runner.id, observation, seenAt, term };
        const { recorded } = await this.bus.ask(subjects.recordObservation, body, { requestId });
        this.count(reported, sight, recorded);
        this.trouble.over();
      } catch (error) {
        reported.errors += 1;
        this.metrics.observations.inc({ result: 'failed' });
        away ||= isProvisionerAway(error);
        if (isProvisionerAway(error)) this.trouble.met(error);
        else this.logger.warn({ err: error, runnerId: sight.runner.id }, 'an observation was refused');
      }
    };
    await Promise.all(sights.map((sight) => this.turns.run(() => tell(sight))));
    return reported;
  }

  private count(reported: Reported, { observation }: Sight, recorded: number): void {
    this.metrics.observations.inc({ result: recorded > 0 ? 'changed' : 'unchanged' });
    if (recorded === 0) reported.unchanged += 1;
    else if (observation.status === 'absent') reported.deleted += 1;
    else reported.updated += 1;
  }
}
