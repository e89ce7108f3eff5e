import { type AppHook, GithubRefusal } from '#libs/github';
import { Turns } from '../scheduling/turns.js';
import type { SyncMetrics } from '../sync.metrics.js';
import type { DeliveryAccountRow } from './delivery-account.entity.js';
import type { DeliveryAccounts } from './delivery-accounts.js';

export type AskingAgainParts = {
  hook: Pick<AppHook, 'redeliver'>;
  accounts: DeliveryAccounts;
  metrics: SyncMetrics;
  now: () => Date;
};

const MINUTE_MS = 60_000;
/** A request that changes something is worth 5 of the 900 points GitHub gives a minute. */
const MOST_A_MINUTE = 120;
const AT_A_TIME = 4;
const LONGEST_PAUSE_MS = 4 * 60 * MINUTE_MS;

/** Has GitHub deliver again what is missing: at most so much a minute, and each at growing intervals. */
export class AskingAgain {
  private readonly turns = new Turns(AT_A_TIME);

  constructor(private readonly parts: AskingAgainParts) {}

  /** Answers with how many were asked for. @throws GithubRefusal GitHub wants to be left alone */
  async run(tenure: AbortSignal): Promise<number> {
    const { accounts, now } = this.parts;
    const spent = await accounts.askedSince(new Date(now().getTime() - MINUTE_MS));
    const due = await accounts.due(now(), MOST_A_MINUTE - spent);
    let asked = 0;
    let heldBack: GithubRefusal | undefined;
    const askOne = async (account: DeliveryAccountRow) => {
      if (heldBack || tenure.aborted) return;
      const refusal = await this.ask(account);
      heldBack ??= refusal;
      asked += 1;
    };
    await Promise.all(due.map((account) => this.turns.run(() => askOne(account))));
    if (heldBack) throw heldBack;
    return asked;
  }

  /** Noted before it is done: a crash in between costs an interval, and never a flood. */
  private async ask(account: DeliveryAccountRow): Promise<GithubRefusal | undefined> {
    const { hook, accounts, metrics, now } = this.parts;
    const tries = account.tries + 1;
    const askedAt = now();
    await accounts.save([
      { ...account, tries, askedAt, askAgainAt: new Date(askedAt.getTime() + pauseAfter(tries)) },
    ]);
    try {
      const answer = await hook.redeliver(account.deliveryId);
      metrics.redeliveries.inc({ result: answer });
      if (answer === 'gone') await accounts.save([{ ...account, tries, askedAt, state: 'given-up' }]);
      return undefined;
    } catch (error) {
      metrics.redeliveries.inc({ result: 'failed' });
      if (!isHeldBack(error)) return undefined;
      await accounts.save([account]);
      return error;
    }
  }
}

/** A minute, two, four, … four hours: whoever is down for long is asked no more often than that. */
const pauseAfter = (tries: number): number => Math.min(LONGEST_PAUSE_MS, MINUTE_MS * 2 ** (tries - 1));

const isHeldBack = (error: unknown): error is GithubRefusal =>
  error instanceof GithubRefusal && (error.reason === 'rate-limited' || error.reason === 'budget-reserved');
