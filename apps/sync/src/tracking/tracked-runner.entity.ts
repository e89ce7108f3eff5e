import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/**
 * `claimed`: a name or a slot is taken and nothing has been requested yet. `ended`: failed, abandoned or deleted.
 * The others are the runner's states.
 */
export type TrackedState =
  | 'claimed'
  | 'requested'
  | 'pending'
  | 'idle'
  | 'busy'
  | 'offline'
  | 'deleting'
  | 'ended';

/** At GitHub, as far as we know, and not on its way out. */
export const LIVE_STATES = ['pending', 'idle', 'busy', 'offline'] as const satisfies readonly TrackedState[];

/** What looking after a runner needs to know of it. */
export const TrackedRunner = defineEntity({
  name: 'TrackedRunner',
  tableName: 'tracked_runner',
  properties: {
    id: p.string().primary(),
    name: p.string().nullable(),
    /** Lower-case: names that differ only by case are one name. */
    nameKey: p.string().nullable(),
    githubRunnerId: p.bigint('number').nullable(),
    teamId: p.string().nullable(),
    state: p.string().$type<TrackedState>(),
    /** When the fact that led to this state was recorded. */
    stateSince: p.datetime(),
    /** While it is being deleted: what it is again should GitHub refuse. */
    stateBefore: p.string().$type<TrackedState>().nullable(),
    /** A pending runner must have connected by then. */
    expiresAt: p.datetime().nullable(),
    /** Of the registration token it was given; null: none. */
    tokenExpiresAt: p.datetime().nullable(),
    /** Asked for, without those GitHub adds itself; sorted. Null: nothing has been requested yet. */
    labels: p.json<string[]>().nullable(),
    /** What GitHub shows instead, likewise; null while nothing differs. */
    driftedTo: p.json<string[]>().nullable(),
    /** A running job whose workflow run GitHub has yet to be told to cancel. */
    cancellingJobId: p.bigint('number').nullable(),
    cancellingSince: p.datetime().nullable(),
    /** Null: the name is not this runner's, or not any more. */
    nameHeldSince: p.datetime().nullable(),
    slotHeldSince: p.datetime().nullable(),
    /** Log position of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type TrackedRunnerRow = InferEntity<typeof TrackedRunner>;
