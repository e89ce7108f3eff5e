import { Inject, Injectable } from '@nestjs/common';
import { isRefusal, Problem, type Recorded, type Refusal } from '#libs/contracts';
import { type EventStore, type Loaded, load, type NewEvent, RevisionConflict } from '#libs/event-store';
import { EVENT_STORE } from '../provisioner.tokens.js';
import {
  type Capacity,
  capacityDecider,
  type ReleaseSlot,
  type RepairSlot,
  type ReserveSlot,
  SNAPSHOT_EVERY,
} from './capacity.decider.js';
import {
  type CapacityEvent,
  type CapacityHolder,
  capacityOf,
  type HolderCapacity,
} from './capacity-holder.js';
import { type DeskOrigin, decideTogether, type Waiting } from './decide-together.js';

type Queue = { loaded: Loaded<Capacity> | undefined; waiting: Waiting[]; working: boolean };

/** Reservations decided together at most; one append stays far below the store's size limit. */
const TOGETHER = 200;

/**
 * The desk where runners get their slots. Those who wait for one holder are decided together in one append, and the
 * folded set is kept, so that a burst costs a few appends and no reads. A conflict with another replica reads what
 * is new and decides again.
 */
@Injectable()
export class CapacityDesk {
  private readonly queues = new Map<string, Queue>();

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws Problem `runner-quota-reached`, `team-deactivated` */
  async reserve(
    holder: CapacityHolder,
    command: Omit<ReserveSlot, 'type'>,
    origin: DeskOrigin,
  ): Promise<void> {
    await this.queue(holder, { type: 'ReserveSlot', ...command }, origin);
  }

  async release(
    holder: CapacityHolder,
    command: Omit<ReleaseSlot, 'type'>,
    origin: DeskOrigin,
  ): Promise<void> {
    await this.queue(holder, { type: 'ReleaseSlot', ...command }, origin);
  }

  /** From now on nobody gets a slot; whoever got one before is in the set. */
  async close(holder: CapacityHolder, at: string, origin: DeskOrigin): Promise<void> {
    await this.queue(holder, { type: 'CloseCapacity', at }, origin);
  }

  async open(holder: CapacityHolder, at: string, origin: DeskOrigin): Promise<void> {
    await this.queue(holder, { type: 'OpenCapacity', at }, origin);
  }

  repair(holder: CapacityHolder, command: Omit<RepairSlot, 'type'>, origin: DeskOrigin): Promise<boolean> {
    return this.queue(holder, { type: 'RepairSlot', ...command }, origin);
  }

  /** The runners that hold slots now, and whether one more would be refused. Nothing is recorded. */
  async look(
    holder: CapacityHolder,
    limit: number | undefined,
  ): Promise<{ runnerIds: readonly string[]; refusal: Refusal | undefined }> {
    const capacity = capacityOf(holder);
    const { state } = await this.loadFromSnapshot(capacity);
    const decision = capacityDecider(capacity).decide(
      { type: 'ReserveSlot', runnerId: '', limit, at: '' },
      state,
    );
    return { runnerIds: [...state.runners], refusal: isRefusal(decision) ? decision : undefined };
  }

  private queue(holder: CapacityHolder, command: Waiting['command'], origin: DeskOrigin): Promise<boolean> {
    const key = `${holder.kind}/${holder.id}`;
    const queue = this.queues.get(key) ?? { loaded: undefined, waiting: [], working: false };
    this.queues.set(key, queue);
    return new Promise((resolve, reject) => {
      queue.waiting.push({ command, origin, resolve, reject });
      if (!queue.working) void this.work(holder, queue).finally(() => this.forgetIfEmpty(key, queue));
    });
  }

  /** Whoever has no runners need not be remembered. */
  private forgetIfEmpty(key: string, { loaded, working }: Queue): void {
    if (!working && (loaded === undefined || loaded.state.runners.size === 0)) this.queues.delete(key);
  }

  private async work(holder: CapacityHolder, queue: Queue): Promise<void> {
    queue.working = true;
    while (queue.waiting.length > 0) {
      const together = queue.waiting.splice(0, TOGETHER);
      try {
        await this.workOff(holder, queue, together);
      } catch (error) {
        queue.loaded = undefined;
        for (const { reject } of together) reject(error);
      }
    }
    queue.working = false;
  }

  private async workOff(holder: CapacityHolder, queue: Queue, together: readonly Waiting[]): Promise<void> {
    const capacity = capacityOf(holder);
    const { stream } = capacity;
    const decider = capacityDecider(capacity);
    let current = queue.loaded ?? (await this.loadFromSnapshot(capacity));
    let upToDate = queue.loaded === undefined;
    for (;;) {
      const { state, events, refusedOnes, grantedOnes, changesAll } = decideTogether(
        decider,
        stream,
        current.state,
        together,
      );
      // a no, and an "it is so already", may only rest on what other replicas have not written since
      if (!changesAll && !upToDate) {
        current = await load(this.store, decider, stream, current);
        upToDate = true;
        continue;
      }
      try {
        const revision =
          events.length === 0 ? current.revision : await this.append(stream, events, current, together);
        queue.loaded = { state, revision };
        for (const { waiting, isNew } of grantedOnes) waiting.resolve(isNew);
        for (const { waiting, problem } of refusedOnes) waiting.reject(problem);
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        if (Date.now() > latestDeadline(together)) throw tooMuchTraffic(error);
        current = await load(this.store, decider, stream, current);
        upToDate = true;
      }
    }
  }

  private async append(
    stream: string,
    events: readonly NewEvent[],
    { revision }: Loaded<Capacity>,
    together: readonly Waiting[],
  ): Promise<bigint> {
    const appended = await this.store.append(stream, events, revision, {
      deadline: latestDeadline(together),
    });
    return appended.revision;
  }

  /** Folds from the newest snapshot; the tail without one is never much longer than two snapshots apart. */
  private async loadFromSnapshot(capacity: HolderCapacity): Promise<Loaded<Capacity>> {
    const { stream } = capacity;
    const decider = capacityDecider(capacity);
    const tail = await this.store.readBackwards(stream, 2 * SNAPSHOT_EVERY);
    const snapshot = tail.find((event) => 'heldBy' in capacity.meaningOf(asCapacityEvent(event)));
    const oldest = snapshot ?? tail.at(-1);
    if (oldest === undefined || (snapshot === undefined && oldest.revision > 0n)) {
      return load(this.store, decider, stream);
    }
    const newestFirst = tail.filter(({ revision }) => revision >= oldest.revision);
    return {
      state: newestFirst.reduceRight(
        (state, event) => decider.evolve(state, asCapacityEvent(event)),
        decider.initial,
      ),
      revision: tail[0]?.revision ?? 'no_stream',
    };
  }
}

/** The codec has checked type and shape; a capacity's stream holds that capacity's events only. */
const asCapacityEvent = (event: Recorded): CapacityEvent => event as unknown as CapacityEvent;

const latestDeadline = (together: readonly Waiting[]) =>
  Math.max(...together.map(({ origin }) => origin.deadline));

const tooMuchTraffic = (cause: unknown) =>
  new Problem('service-unavailable', 'Too many runners are asked for at once. Try again in a moment.', {
    retryAfterSeconds: 1,
    cause,
  });
