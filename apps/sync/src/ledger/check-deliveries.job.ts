import { streams } from '#libs/contracts';
import type { EventStore } from '#libs/event-store';
import { type AppHook, GithubRefusal, type HookDelivery } from '#libs/github';
import { pause } from '../scheduling/pause.js';
import { type JobLog, Trouble } from '../scheduling/trouble.js';
import { Turns } from '../scheduling/turns.js';
import type { SyncMetrics } from '../sync.metrics.js';
import { accountsAfter, doubtfulAmong } from './account-deliveries.js';
import { AskingAgain } from './asking-again.js';
import type { DeliveryAccountRow } from './delivery-account.entity.js';
import type { DeliveryAccounts } from './delivery-accounts.js';
import { GITHUB_REMEMBERS_MS, LOSSES_SHOWN_MS } from './github-memory.js';

export type CheckDeliveriesParts = {
  hook: AppHook;
  store: Pick<EventStore, 'readBackwards'>;
  accounts: DeliveryAccounts;
  installationId: number;
  metrics: SyncMetrics;
  logger: JobLog;
  /** From one check to the next. */
  everyMs: number;
  now?: () => Date;
};

/** Attempts turn up in the list only when they are over, and after an incident at GitHub much later. */
const OVERLAP_MS = 15 * 60 * 1000;
/** What was asked for has arrived by then, or will not. */
const LOOK_AGAIN_MS = 10_000;
const AFTER_TROUBLE_MS = 30_000;
const LOOKUPS_AT_A_TIME = 8;

/**
 * Compares what GitHub says it has delivered with what is in the log, and has it deliver again what is missing. GitHub
 * itself never does: without this, whatever came while nobody could record it would be lost.
 */
export class CheckDeliveriesJob {
  private readonly trouble: Trouble;
  private readonly askingAgain: AskingAgain;
  private readonly turns = new Turns(LOOKUPS_AT_A_TIME);
  private readonly now: () => Date;

  constructor(private readonly parts: CheckDeliveriesParts) {
    const { hook, accounts, metrics, logger, now = () => new Date() } = parts;
    this.now = now;
    this.trouble = new Trouble(logger, "accounting for GitHub's deliveries");
    this.askingAgain = new AskingAgain({ hook, accounts, metrics, now });
  }

  /** At once, then again and again until the signal is aborted. */
  async run(tenure: AbortSignal): Promise<void> {
    while (!tenure.aborted) await pause(await this.check(tenure), tenure);
  }

  /** Answers with when to check again: milliseconds. */
  async check(tenure: AbortSignal): Promise<number> {
    const { everyMs } = this.parts;
    try {
      await this.account(tenure);
      if (tenure.aborted) return everyMs;
      const missing = await this.lookIntoLog();
      const asked = await this.askingAgain.run(tenure);
      await this.report(asked);
      this.trouble.over();
      const dueMs = Math.min(...missing.map(({ askAgainAt }) => askAgainAt?.getTime() ?? 0));
      const nextMs = asked > 0 ? LOOK_AGAIN_MS : Math.max(LOOK_AGAIN_MS, dueMs - this.now().getTime());
      return Math.min(everyMs, nextMs);
    } catch (error) {
      this.trouble.met(error);
      return Math.min(everyMs, pauseNamedIn(error));
    }
  }

  /** Goes through GitHub's list, the newest first, back to where it was looked at before. */
  private async account(tenure: AbortSignal): Promise<void> {
    const { hook, accounts } = this.parts;
    const startedAt = this.now();
    const before = await accounts.lastCheck();
    const until = this.lookBackTo(before?.watermark ?? undefined);
    let watermark = before?.watermark ?? null;
    let cursor: string | undefined;
    do {
      const { deliveries, next } = await hook.listDeliveries(cursor);
      await this.accountFor(deliveries);
      const times = deliveries.map(({ deliveredAt }) => new Date(deliveredAt));
      for (const time of times) if (watermark === null || time > watermark) watermark = time;
      cursor = times.some((time) => time < until) ? undefined : next;
    } while (cursor !== undefined && !tenure.aborted);
    // a list that was not read to its end is read again from the same place
    if (!tenure.aborted) await accounts.checked(watermark, startedAt);
  }

  private lookBackTo(watermark: Date | undefined): Date {
    return new Date(Math.max(this.oldest(), (watermark?.getTime() ?? 0) - OVERLAP_MS));
  }

  private oldest(): number {
    return this.now().getTime() - GITHUB_REMEMBERS_MS;
  }

  private async accountFor(deliveries: readonly HookDelivery[]): Promise<void> {
    const { accounts, installationId } = this.parts;
    const ours = deliveries.filter(
      (delivery) =>
        delivery.event === 'workflow_job' &&
        delivery.installationId === installationId &&
        Date.parse(delivery.deliveredAt) >= this.oldest(),
    );
    const known = await accounts.known(ours.map(({ guid }) => guid));
    const inLog = await this.recordedAmong(doubtfulAmong(ours, known));
    await accounts.save(accountsAfter(ours, known, inLog));
  }

  /** What was delivered again is in the log before GitHub's list shows it. Answers with what is still missing. */
  private async lookIntoLog(): Promise<DeliveryAccountRow[]> {
    const { accounts, logger } = this.parts;
    const oldest = new Date(this.oldest());
    const lost = await accounts.giveUpBefore(oldest);
    if (lost > 0) logger.warn({ lost }, 'deliveries are lost: GitHub has forgotten them');
    const givenUp = new Date(this.now().getTime() - LOSSES_SHOWN_MS);
    await accounts.forgetBefore({ recorded: oldest, givenUp });
    const missing = await accounts.missing();
    const inLog = await this.recordedAmong(missing.map(({ guid }) => guid));
    const found = missing.filter(({ guid }) => inLog.has(guid));
    await accounts.save(found.map((account) => ({ ...account, state: 'recorded' as const })));
    return missing.filter(({ guid }) => !inLog.has(guid));
  }

  private async recordedAmong(guids: readonly string[]): Promise<ReadonlySet<string>> {
    const recorded = new Set<string>();
    const lookUp = async (guid: string) => {
      const events = await this.parts.store.readBackwards(streams.githubDelivery(guid), 1);
      if (events.length > 0) recorded.add(guid);
    };
    await Promise.all(guids.map((guid) => this.turns.run(() => lookUp(guid))));
    return recorded;
  }

  private async report(asked: number): Promise<void> {
    const { accounts, metrics, logger } = this.parts;
    const { recorded, missing, givenUp } = await accounts.counts();
    metrics.ledger.set({ state: 'recorded' }, recorded);
    metrics.ledger.set({ state: 'missing' }, missing);
    metrics.ledger.set({ state: 'given-up' }, givenUp);
    const of = recorded + missing + givenUp;
    if (asked > 0) logger.warn({ asked, accountedFor: recorded, of }, 'GitHub was asked to deliver again');
  }
}

const pauseNamedIn = (error: unknown): number => {
  const seconds = error instanceof GithubRefusal ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.max(AFTER_TROUBLE_MS, seconds * 1000);
};
