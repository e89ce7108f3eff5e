import type { DeliveryAccount } from '#libs/contracts';
import type { DeliveryAccounts } from './delivery-accounts.js';
import { GITHUB_REMEMBERS_MS } from './github-memory.js';

/** Whether all that GitHub sent has arrived. Read from the database, so that every replica says the same. */
export class DeliveryLedger {
  constructor(
    private readonly accounts: Pick<DeliveryAccounts, 'counts' | 'lastCheck'>,
    private readonly enabled: boolean,
  ) {}

  /** @throws Problem service-unavailable */
  async status(): Promise<DeliveryAccount> {
    const { accounts, enabled } = this;
    const [{ recorded, missing, givenUp, askedAgain }, check] = await Promise.all([
      accounts.counts(),
      accounts.lastCheck(),
    ]);
    if (!enabled) return { enabled, accountedFor: 0, of: 0, askedAgain: 0, givenUp: 0 };
    return {
      enabled,
      since: new Date(Date.now() - GITHUB_REMEMBERS_MS).toISOString(),
      accountedFor: recorded,
      of: recorded + missing + givenUp,
      askedAgain,
      givenUp,
      ...(check ? { checkedAt: check.checkedAt.toISOString() } : {}),
    };
  }
}
