import { Inject, Injectable } from '@nestjs/common';
import { isRefusal, Problem, problemOfRefusal, streams, type TeamCapacityEvent } from '#libs/contracts';
import {
  type EventStore,
  eventIdOf,
  type Loaded,
  load,
  type NewEvent,
  type NewMetadata,
  RevisionConflict,
} from '#libs/event-store';
import { EVENT_STORE } from '../provisioner.tokens.js';
import {
  type CloseCapacity,
  type OpenCapacity,
  type ReleaseSlot,
  type ReserveSlot,
  SNAPSHOT_EVERY,
  type TeamCapacity,
  teamCapacityDecider,
} from './team-capacity.decider.js';

/** Who asks, for the metadata of what is recorded. */
export type DeskOrigin = { commandId: string; metadata: NewMetadata; deadline: number };

type Waiting = {
  command: ReserveSlot | ReleaseSlot | CloseCapacity | OpenCapacity;
  origin: DeskOrigin;
  resolve: () => void;
  reject: (error: unknown) => void;
};

type Team = { loaded: Loaded<TeamCapacity> | undefined; waiting: Waiting[]; working: boolean };

/** Reservations decided together at most; one append stays far below the store's size limit. */
const TOGETHER = 200;

/**
 * The desk where runners get their slots. Those who wait for one team are decided together in one append, and the
 * folded set is kept, so that a burst costs a few appends and no reads. A conflict with another replica reads what
 * is new and decides again.
 */
@Injectable()
export class TeamCapacityDesk {
  private readonly teams = new Map<string, Team>();

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** @throws Problem `runner-quota-reached`, `team-deactivated` */
  reserve(command: Omit<ReserveSlot, 'type'>, origin: DeskOrigin): Promise<void> {
    return this.queue({ type: 'ReserveSlot', ...command }, origin);
  }

  release(command: Omit<ReleaseSlot, 'type'>, origin: DeskOrigin): Promise<void> {
    return this.queue({ type: 'ReleaseSlot', ...command }, origin);
  }

  /** From now on nobody gets a slot; whoever got one before is in the set. */
  close(command: Omit<CloseCapacity, 'type'>, origin: DeskOrigin): Promise<void> {
    return this.queue({ type: 'CloseCapacity', ...command }, origin);
  }

  open(command: Omit<OpenCapacity, 'type'>, origin: DeskOrigin): Promise<void> {
    return this.queue({ type: 'OpenCapacity', ...command }, origin);
  }

  private queue(command: Waiting['command'], origin: DeskOrigin): Promise<void> {
    const team = this.teams.get(command.teamId) ?? { loaded: undefined, waiting: [], working: false };
    this.teams.set(command.teamId, team);
    return new Promise((resolve, reject) => {
      team.waiting.push({ command, origin, resolve, reject });
      if (!team.working) void this.work(command.teamId, team);
    });
  }

  private async work(teamId: string, team: Team): Promise<void> {
    team.working = true;
    while (team.waiting.length > 0) {
      const together = team.waiting.splice(0, TOGETHER);
      try {
        await this.decideTogether(teamId, team, together);
      } catch (error) {
        team.loaded = undefined;
        for (const { reject } of together) reject(error);
      }
    }
    team.working = false;
  }

  private async decideTogether(teamId: string, team: Team, together: readonly Waiting[]): Promise<void> {
    const stream = streams.teamCapacity(teamId);
    let current = team.loaded ?? (await this.loadFromSnapshot(stream));
    let upToDate = team.loaded === undefined;
    for (;;) {
      const { state, events, refusedOnes, grantedOnes, changesAll } = decideAll(
        stream,
        current.state,
        together,
      );
      // a no, and an "it is so already", may only rest on what other replicas have not written since
      if (!changesAll && !upToDate) {
        current = await load(this.store, teamCapacityDecider, stream, current);
        upToDate = true;
        continue;
      }
      try {
        const revision =
          events.length === 0 ? current.revision : await this.append(stream, events, current, together);
        team.loaded = { state, revision };
        for (const { resolve } of grantedOnes) resolve();
        for (const { waiting, problem } of refusedOnes) waiting.reject(problem);
        return;
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
        if (Date.now() > latestDeadline(together)) throw tooMuchTraffic(error);
        current = await load(this.store, teamCapacityDecider, stream, current);
        upToDate = true;
      }
    }
  }

  private async append(
    stream: string,
    events: readonly NewEvent[],
    { revision }: Loaded<TeamCapacity>,
    together: readonly Waiting[],
  ): Promise<bigint> {
    const appended = await this.store.append(stream, events, revision, {
      deadline: latestDeadline(together),
    });
    return appended.revision;
  }

  /** Folds from the newest snapshot; the tail without one is never much longer than two snapshots apart. */
  private async loadFromSnapshot(stream: string): Promise<Loaded<TeamCapacity>> {
    const tail = await this.store.readBackwards(stream, 2 * SNAPSHOT_EVERY);
    const snapshot = tail.find(({ type }) => type === 'TeamCapacitySnapshotTaken');
    const oldest = snapshot ?? tail.at(-1);
    if (oldest === undefined || (snapshot === undefined && oldest.revision > 0n)) {
      return load(this.store, teamCapacityDecider, stream);
    }
    const newestFirst = tail.filter(({ revision }) => revision >= oldest.revision);
    return {
      state: newestFirst.reduceRight(
        (state, event) => teamCapacityDecider.evolve(state, event as unknown as TeamCapacityEvent),
        teamCapacityDecider.initial,
      ),
      revision: tail[0]?.revision ?? 'no_stream',
    };
  }
}

const decideAll = (stream: string, initial: TeamCapacity, together: readonly Waiting[]) => {
  let state = initial;
  const events: NewEvent[] = [];
  const grantedOnes: Waiting[] = [];
  const refusedOnes: { waiting: Waiting; problem: Problem }[] = [];
  let changesAll = true;
  for (const waiting of together) {
    const decision = teamCapacityDecider.decide(waiting.command, state);
    if (isRefusal(decision)) {
      refusedOnes.push({ waiting, problem: problemOfRefusal(decision) });
      changesAll = false;
      continue;
    }
    if (decision.length === 0) changesAll = false;
    const { commandId, metadata } = waiting.origin;
    for (const event of decision) events.push({ ...event, id: eventIdOf(commandId, stream, 0), metadata });
    state = decision.reduce(teamCapacityDecider.evolve, state);
    grantedOnes.push(waiting);
  }
  return { ...withSnapshot(stream, state, events, together), grantedOnes, refusedOnes, changesAll };
};

const withSnapshot = (
  stream: string,
  state: TeamCapacity,
  events: NewEvent[],
  [first]: readonly Waiting[],
) => {
  if (first === undefined || events.length === 0) return { state, events };
  const decision = teamCapacityDecider.decide({ type: 'TakeSnapshot', teamId: first.command.teamId }, state);
  if (isRefusal(decision)) return { state, events };
  const { commandId, metadata } = first.origin;
  const snapshots = decision.map((event) => ({ ...event, id: eventIdOf(commandId, stream, 1), metadata }));
  return { state: decision.reduce(teamCapacityDecider.evolve, state), events: [...events, ...snapshots] };
};

const latestDeadline = (together: readonly Waiting[]) =>
  Math.max(...together.map(({ origin }) => origin.deadline));

const tooMuchTraffic = (cause: unknown) =>
  new Problem('service-unavailable', 'Too many requests for this team at once. Try again in a moment.', {
    retryAfterSeconds: 1,
    cause,
  });
