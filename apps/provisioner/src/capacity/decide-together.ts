import { isRefusal, type Problem, problemOfRefusal } from '#libs/contracts';
import { eventIdOf, type NewEvent, type NewMetadata } from '#libs/event-store';
import type { Capacity, CapacityCommand, capacityDecider } from './capacity.decider.js';
import type { CapacityEvent } from './capacity-holder.js';

/** Who asks, for the metadata of what is recorded. */
export type DeskOrigin = { commandId: string; metadata: NewMetadata; deadline: number };

export type Waiting = {
  command: Exclude<CapacityCommand, { type: 'TakeSnapshot' }>;
  origin: DeskOrigin;
  /** Whether anything was new. */
  resolve: (isNew: boolean) => void;
  reject: (error: unknown) => void;
};

export type CapacityDecider = ReturnType<typeof capacityDecider<CapacityEvent>>;

/** What all of them come to, one after the other, and what is to be recorded for it in one append. */
export const decideTogether = (
  decider: CapacityDecider,
  stream: string,
  initial: Capacity,
  together: readonly Waiting[],
) => {
  let state = initial;
  const events: NewEvent[] = [];
  const grantedOnes: { waiting: Waiting; isNew: boolean }[] = [];
  const refusedOnes: { waiting: Waiting; problem: Problem }[] = [];
  let changesAll = true;
  for (const waiting of together) {
    const decision = decider.decide(waiting.command, state);
    if (isRefusal(decision)) {
      refusedOnes.push({ waiting, problem: problemOfRefusal(decision) });
      changesAll = false;
      continue;
    }
    if (decision.length === 0) changesAll = false;
    const { commandId, metadata } = waiting.origin;
    for (const event of decision) events.push({ ...event, id: eventIdOf(commandId, stream, 0), metadata });
    state = decision.reduce(decider.evolve, state);
    grantedOnes.push({ waiting, isNew: decision.length > 0 });
  }
  return { ...withSnapshot(decider, stream, state, events, together), grantedOnes, refusedOnes, changesAll };
};

const withSnapshot = (
  decider: CapacityDecider,
  stream: string,
  state: Capacity,
  events: NewEvent[],
  [first]: readonly Waiting[],
) => {
  if (first === undefined || events.length === 0) return { state, events };
  const decision = decider.decide({ type: 'TakeSnapshot' }, state);
  if (isRefusal(decision)) return { state, events };
  const { commandId, metadata } = first.origin;
  const snapshots = decision.map((event) => ({ ...event, id: eventIdOf(commandId, stream, 1), metadata }));
  return { state: decision.reduce(decider.evolve, state), events: [...events, ...snapshots] };
};
