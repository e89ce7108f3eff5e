import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { SyncStatus, UnmanagedRunner } from '#libs/contracts';

/** The one row there is. */
export const THE_ROW = 'polling';

/** How polling gets on, written by whoever leads so that any replica can tell. May be lost: the next cycle tells again. */
export const PollingStateEntity = defineEntity({
  name: 'PollingState',
  tableName: 'polling_state',
  properties: {
    id: p.string().primary(),
    lastCycle: p.json<NonNullable<SyncStatus['lastCycle']>>().nullable(),
    nextRunAt: p.datetime().nullable(),
    unmanagedTotal: p.integer().nullable(),
    /** The newest of them. */
    unmanagedRunners: p.json<UnmanagedRunner[]>().nullable(),
    githubRateLimit: p.json<NonNullable<SyncStatus['githubRateLimit']>>().nullable(),
  },
});
export type PollingStateRow = InferEntity<typeof PollingStateEntity>;
