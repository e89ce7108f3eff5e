import { Aborted, type Deadline, unlessAborted, withDeadline } from './deadline.js';
import { type Installation, promised } from './installation.js';
import { refusals } from './refusals.js';
import { readRunnerPage } from './runner-answers.js';

const provenForMs = 30_000;
const timeoutMs = 10_000;

/**
 * GitHub says 404 both for what is not there and for what the App may not see: after a renamed organisation or a
 * withdrawn permission every runner would look absent. So a 404 proves something only while the organisation itself
 * can be seen.
 */
export class OrganisationVisibility {
  private provenAt = Number.NEGATIVE_INFINITY;
  private proving: Promise<void> | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly org: string,
    private readonly now: () => number,
  ) {}

  /** Resolves when the organisation can be seen, now or half a minute ago; otherwise rejects with the refusal. */
  async prove(deadline: Deadline): Promise<void> {
    const age = this.now() - this.provenAt;
    if (age >= 0 && age < provenForMs) return;
    this.proving ??= this.look().finally(() => {
      this.proving = undefined;
    });
    await unlessAborted(this.proving, deadline.signal).catch((error: unknown) => {
      throw error instanceof Aborted ? refusals.timeout(deadline.seconds, { uncertain: false }) : error;
    });
  }

  private look(): Promise<void> {
    return withDeadline(timeoutMs, async (deadline) => {
      const answer = await this.installation.ask(
        {
          operation: 'listRunners',
          method: 'GET',
          path: '/orgs/{org}/actions/runners',
          parameters: { org: this.org, per_page: 1 },
          priority: 'high',
        },
        deadline,
      );
      promised(answer, readRunnerPage);
      this.provenAt = this.now();
    });
  }
}
