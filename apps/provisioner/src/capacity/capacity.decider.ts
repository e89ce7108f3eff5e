import { type Decision, type Event, type Refusal, refused, type SlotRepair } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type Capacity = {
  /** Runners that hold a slot. A set: taking or giving back twice is the same as once. */
  runners: ReadonlySet<string>;
  eventsSinceSnapshot: number;
  /** The holder has been deactivated: no slot is given any more, whatever was planned before. */
  closed: boolean;
};

/** `limit` undefined = no quota; the slot is counted all the same. */
export type ReserveSlot = { type: 'ReserveSlot'; runnerId: string; limit: number | undefined; at: string };
export type ReleaseSlot = { type: 'ReleaseSlot'; runnerId: string; at: string };
/** The runner has been looked at: it lives and must hold a slot, or it does not and must not. */
export type RepairSlot = { type: 'RepairSlot'; runnerId: string; repair: SlotRepair; at: string };
export type CloseCapacity = { type: 'CloseCapacity'; at: string };
export type OpenCapacity = { type: 'OpenCapacity'; at: string };
export type TakeSnapshot = { type: 'TakeSnapshot' };
export type CapacityCommand =
  | ReserveSlot
  | ReleaseSlot
  | RepairSlot
  | CloseCapacity
  | OpenCapacity
  | TakeSnapshot;

/** Events after which a fold may start afresh. */
export const SNAPSHOT_EVERY = 500;

/** The facts in which one holder's slots are told, and what is said when none is free. */
export type CapacityWords<E extends Event> = {
  reserved: (runnerId: string, at: string) => E;
  released: (runnerId: string, at: string) => E;
  repaired: (runnerId: string, repair: SlotRepair, at: string) => E;
  snapshot: (capacity: Capacity) => E;
  /** Absent: such a holder is never closed. */
  closing?: { closed: (at: string) => E; opened: (at: string) => E; refusal: Refusal };
  meaningOf: (event: E) => SlotChange;
  full: (limit: number) => string;
};
export type SlotChange =
  | { takenBy: string }
  | { givenBackBy: string }
  | { heldBy: readonly string[]; closed: boolean }
  | { closed: boolean };

const without = (runners: ReadonlySet<string>, runnerId: string): ReadonlySet<string> =>
  new Set([...runners].filter((held) => held !== runnerId));

/** How many runners a team or a user has, and whether it may have more. Decided with an expected revision, so the quota is a lock and not a brake. */
export const capacityDecider = <E extends Event>(
  words: CapacityWords<E>,
): Decider<CapacityCommand, Capacity, E> => {
  const reserveSlot = ({ runnerId, limit, at }: ReserveSlot, { runners, closed }: Capacity): Decision<E> => {
    if (runners.has(runnerId)) return [];
    if (closed && words.closing) return words.closing.refusal;
    if (limit !== undefined && runners.size >= limit)
      return refused('runner-quota-reached', words.full(limit), { limit, in_use: runners.size });
    return [words.reserved(runnerId, at)];
  };
  const releaseSlot = ({ runnerId, at }: ReleaseSlot, { runners }: Capacity): Decision<E> =>
    runners.has(runnerId) ? [words.released(runnerId, at)] : [];
  const repairSlot = ({ runnerId, repair, at }: RepairSlot, { runners }: Capacity): Decision<E> =>
    runners.has(runnerId) === (repair === 'reserved') ? [] : [words.repaired(runnerId, repair, at)];
  const close = ({ at }: CloseCapacity, { closed }: Capacity): Decision<E> =>
    words.closing && !closed ? [words.closing.closed(at)] : [];
  const open = ({ at }: OpenCapacity, { closed }: Capacity): Decision<E> =>
    words.closing && closed ? [words.closing.opened(at)] : [];
  const takeSnapshot = (capacity: Capacity): Decision<E> =>
    capacity.eventsSinceSnapshot >= SNAPSHOT_EVERY ? [words.snapshot(capacity)] : [];

  return {
    initial: { runners: new Set(), eventsSinceSnapshot: 0, closed: false },
    decide: (command, capacity) => {
      switch (command.type) {
        case 'ReserveSlot':
          return reserveSlot(command, capacity);
        case 'ReleaseSlot':
          return releaseSlot(command, capacity);
        case 'RepairSlot':
          return repairSlot(command, capacity);
        case 'CloseCapacity':
          return close(command, capacity);
        case 'OpenCapacity':
          return open(command, capacity);
        case 'TakeSnapshot':
          return takeSnapshot(capacity);
      }
    },
    evolve: (capacity, event) => {
      const { runners } = capacity;
      const change = words.meaningOf(event);
      if ('heldBy' in change)
        return { runners: new Set(change.heldBy), eventsSinceSnapshot: 0, closed: change.closed };
      const next = { ...capacity, eventsSinceSnapshot: capacity.eventsSinceSnapshot + 1 };
      if ('takenBy' in change) return { ...next, runners: new Set(runners).add(change.takenBy) };
      if ('givenBackBy' in change) return { ...next, runners: without(runners, change.givenBackBy) };
      return { ...next, closed: change.closed };
    },
  };
};
