import type { FilterQuery } from '@mikro-orm/core';
import { type Database, findRows, saveRows } from '#libs/read-model';
import { DeliveryAccount, type DeliveryAccountRow } from './delivery-account.entity.js';
import { DeliveryCheck, type DeliveryCheckRow } from './delivery-check.entity.js';

export type AccountCounts = { recorded: number; missing: number; givenUp: number; askedAgain: number };

const CHECK = 'deliveries';

/** The ledger's rows. They may be lost: GitHub's list of three days makes them anew. */
export class DeliveryAccounts {
  constructor(private readonly database: Pick<Database, 'em' | 'read'>) {}

  async known(guids: readonly string[]): Promise<Map<string, DeliveryAccountRow>> {
    const rows = await findRows<DeliveryAccountRow>(this.database.em(), DeliveryAccount, 'guid', guids);
    return new Map(rows.map((row) => [row.guid, row]));
  }

  async save(rows: readonly DeliveryAccountRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.database.em().transactional((em) => saveRows(em, DeliveryAccount, rows));
  }

  missing(): Promise<DeliveryAccountRow[]> {
    return this.find({ state: 'missing' });
  }

  /** Those GitHub is to be asked for, the least tried and oldest first. */
  due(now: Date, limit: number): Promise<DeliveryAccountRow[]> {
    if (limit <= 0) return Promise.resolve([]);
    return this.find({ state: 'missing', $or: [{ askAgainAt: null }, { askAgainAt: { $lte: now } }] }, limit);
  }

  askedSince(instant: Date): Promise<number> {
    return this.database.em().count(DeliveryAccount, { askedAt: { $gte: instant } });
  }

  /** Answers with how many are missing for good. */
  giveUpBefore(instant: Date): Promise<number> {
    return this.database
      .em()
      .nativeUpdate(
        DeliveryAccount,
        { state: 'missing', deliveredAt: { $lt: instant } },
        { state: 'given-up' },
      );
  }

  async forgetBefore(instants: { recorded: Date; givenUp: Date }): Promise<void> {
    const em = this.database.em();
    await em.nativeDelete(DeliveryAccount, { state: 'recorded', deliveredAt: { $lt: instants.recorded } });
    await em.nativeDelete(DeliveryAccount, { state: 'given-up', deliveredAt: { $lt: instants.givenUp } });
  }

  /** @throws Problem service-unavailable */
  counts(): Promise<AccountCounts> {
    return this.database.read(async (em) => {
      const [recorded, missing, givenUp, askedAgain] = await Promise.all([
        em.count(DeliveryAccount, { state: 'recorded' }),
        em.count(DeliveryAccount, { state: 'missing' }),
        em.count(DeliveryAccount, { state: 'given-up' }),
        em.count(DeliveryAccount, { askedAt: { $ne: null } }),
      ]);
      return { recorded, missing, givenUp, askedAgain };
    });
  }

  lastCheck(): Promise<DeliveryCheckRow | null> {
    return this.database.read((em) => em.findOne(DeliveryCheck, { id: CHECK }, { disableIdentityMap: true }));
  }

  async checked(watermark: Date | null, checkedAt: Date): Promise<void> {
    await this.database
      .em()
      .transactional((em) => saveRows(em, DeliveryCheck, [{ id: CHECK, watermark, checkedAt }]));
  }

  private find(where: FilterQuery<DeliveryAccountRow>, limit?: number): Promise<DeliveryAccountRow[]> {
    return this.database.em().find(DeliveryAccount, where, {
      orderBy: { tries: 'asc', deliveredAt: 'asc' },
      disableIdentityMap: true,
      ...(limit === undefined ? {} : { limit }),
    });
  }
}
