import type { Github, RateBudget } from '#libs/github';
import type { Database } from '#libs/read-model';
import type { CycleOutcome } from '../cycles/cycle-outcome.js';
import { PollingStateEntity, type PollingStateRow, THE_ROW } from './polling-state.entity.js';

/** How polling gets on. */
export class PollingState {
  /** Of GitHub's budget, as written last. */
  private remaining: number | undefined;

  constructor(
    private readonly database: Pick<Database, 'em'>,
    private readonly github: Pick<Github, 'budget'>,
  ) {}

  read(): Promise<PollingStateRow | null> {
    return this.database.em().findOne(PollingStateEntity, { id: THE_ROW }, { disableIdentityMap: true });
  }

  async cycleEnded(outcome: CycleOutcome, nextRunAt: Date | undefined): Promise<void> {
    const unmanaged =
      'result' in outcome
        ? { unmanagedTotal: outcome.unmanaged.total, unmanagedRunners: outcome.unmanaged.newest }
        : {};
    await this.write({ lastCycle: lastCycleOf(outcome), nextRunAt: nextRunAt ?? null, ...unmanaged });
  }

  /** The first one of a new leader. */
  async nextRunAt(instant: Date | undefined): Promise<void> {
    await this.write({ nextRunAt: instant ?? null });
  }

  /** Between the cycles GitHub tells of its budget as well. */
  async budgetSeen(): Promise<void> {
    const budget = this.github.budget();
    if (budget !== 'unknown' && budget.remaining !== this.remaining) await this.write({});
  }

  private async write(changes: Partial<PollingStateRow>): Promise<void> {
    const budget = this.github.budget();
    const githubRateLimit = rateLimitOf(budget);
    await this.database
      .em()
      .upsert(PollingStateEntity, { id: THE_ROW, ...changes, githubRateLimit }, { disableIdentityMap: true });
    this.remaining = budget === 'unknown' ? undefined : budget.remaining;
  }
}

const lastCycleOf = (outcome: CycleOutcome): NonNullable<PollingStateRow['lastCycle']> => {
  const { cycleId, startedAt, endedAt } = outcome;
  const cycle = { cycleId, startedAt, completedAt: endedAt };
  if ('result' in outcome) return { ...cycle, success: true, result: outcome.result };
  const { code, message: detail } = outcome.problem;
  return { ...cycle, success: false, error: { code, detail } };
};

const rateLimitOf = (budget: RateBudget | 'unknown') =>
  budget === 'unknown'
    ? null
    : {
        limit: budget.limit,
        remaining: budget.remaining,
        resetsAt: budget.resetAt.toISOString(),
        seenAt: budget.seenAt.toISOString(),
      };
