import type { Recorded, SyncCycleEvent } from '#libs/contracts';
import { foldRows, type Projection } from '#libs/read-model';
import { RequestedCycle, type RequestedCycleRow } from './requested-cycle.entity.js';

/** The codec has checked type and shape. */
const asFact = (fact: Recorded): Recorded<SyncCycleEvent> => fact as Recorded<SyncCycleEvent>;

/** Cycles that were asked for, until they have ended and after. */
export const requestedCycleProjection: Projection = {
  name: 'requested-cycles',
  prefixes: ['syncRun-'],
  apply: async (em, facts) => {
    await foldRows<RequestedCycleRow>(em, facts, {
      entity: RequestedCycle,
      key: 'id',
      keyOf: (fact) => cycleIdOf(asFact(fact)),
      evolve: (row, fact) => cycleAfter(row, asFact(fact)),
    });
  },
};

export const isAboutRequestedCycles = ({ stream }: Recorded): boolean =>
  requestedCycleProjection.prefixes.some((prefix) => stream.startsWith(prefix));

const cycleIdOf = ({ data }: SyncCycleEvent): string | undefined =>
  'cycleId' in data ? data.cycleId : undefined;

const cycleAfter = (
  row: RequestedCycleRow | undefined,
  fact: Recorded<SyncCycleEvent>,
): RequestedCycleRow | undefined => {
  switch (fact.type) {
    case 'SyncCycleRequested':
      return row ?? requested(fact);
    case 'SyncCycleCompleted':
      return row && ended(row, fact, { result: fact.data.result });
    case 'SyncCycleFailed': {
      const { code, detail, retryAfterSeconds } = fact.data;
      const failure = { code, detail, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
      return row && ended(row, fact, { failure });
    }
    case 'SyncLeaseTaken':
      return row;
  }
};

/** Its first end counts: a leader that was thought dead may tell of another. */
const ended = (
  row: RequestedCycleRow,
  { recordedAt: endedAt, position }: Recorded,
  end: Pick<RequestedCycleRow, 'result'> | Pick<RequestedCycleRow, 'failure'>,
): RequestedCycleRow => (row.endedAt ? row : { ...row, ...end, endedAt, position });

const requested = ({
  id: eventId,
  data,
  position,
  metadata,
}: Recorded<Extract<SyncCycleEvent, { type: 'SyncCycleRequested' }>>): RequestedCycleRow => ({
  id: data.cycleId,
  eventId,
  position,
  requestedAt: new Date(data.requestedAt),
  actor: metadata.actor,
  requestId: metadata.$correlationId,
  requestIp: metadata.requestIp ?? null,
  userAgent: metadata.userAgent ?? null,
  endedAt: null,
  result: null,
  failure: null,
});
