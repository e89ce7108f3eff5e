import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** A runner and its slot, for as long as there is either. */
export const RunnerSlot = defineEntity({
  name: 'RunnerSlot',
  tableName: 'runner_slot',
  properties: {
    runnerId: p.string().primary(),
    /** Whose quota it counts against: a team's, or a user's who provisioned without one. */
    holderKind: p.string().$type<'team' | 'user'>(),
    holderId: p.string(),
    /** Who provisioned the runner, once it has been requested. */
    provisionedBy: p.string().nullable(),
    /** The slot is taken. */
    isHeld: p.boolean(),
    /** The runner was requested and has not ended. */
    isLive: p.boolean(),
    /** Since when the two are as they are. */
    changedAt: p.datetime(),
  },
});
export type RunnerSlotRow = InferEntity<typeof RunnerSlot>;
