import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/**
 * `recorded`: in the log, or acknowledged because it is of no use. `missing`: GitHub sent it, and nobody has it.
 * `given-up`: missing, and GitHub can no longer send it.
 */
export type AccountState = 'recorded' | 'missing' | 'given-up';

/** What became of something GitHub wanted to tell us, whichever attempts that took. */
export const DeliveryAccount = defineEntity({
  name: 'DeliveryAccount',
  tableName: 'delivery_account',
  properties: {
    guid: p.string().primary(),
    /** Of the newest attempt that is known: what GitHub is asked to repeat. */
    deliveryId: p.string(),
    /** Of the first attempt that is known. */
    deliveredAt: p.datetime(),
    state: p.string().$type<AccountState>(),
    /** How often GitHub was asked to repeat it. */
    tries: p.integer(),
    askedAt: p.datetime().nullable(),
    /** Null: at once. */
    askAgainAt: p.datetime().nullable(),
  },
});
export type DeliveryAccountRow = InferEntity<typeof DeliveryAccount>;
