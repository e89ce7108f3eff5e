import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Actor, SyncCycleEvent } from '#libs/contracts';

type DataOf<Type extends SyncCycleEvent['type']> = Extract<SyncCycleEvent, { type: Type }>['data'];

/** A look at all runners that somebody asked for, and what came of it. */
export const RequestedCycle = defineEntity({
  name: 'RequestedCycle',
  tableName: 'requested_cycle',
  properties: {
    /** Cycle id. */
    id: p.string().primary(),
    /** Of the request's event: the cause of what follows. */
    eventId: p.string(),
    /** Log position of its newest fact. */
    position: p.bigint('bigint'),
    requestedAt: p.datetime(),
    actor: p.json<Actor>(),
    requestId: p.string(),
    requestIp: p.string().nullable(),
    userAgent: p.string().nullable(),
    /** Null: nobody has served it yet. */
    endedAt: p.datetime().nullable(),
    result: p.json<DataOf<'SyncCycleCompleted'>['result']>().nullable(),
    failure: p.json<Pick<DataOf<'SyncCycleFailed'>, 'code' | 'detail' | 'retryAfterSeconds'>>().nullable(),
  },
});
export type RequestedCycleRow = InferEntity<typeof RequestedCycle>;
