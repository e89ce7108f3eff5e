import { randomUUID } from 'node:crypto';
import { type Scope, type SyncCycleEvent, streams, syncCycleEvent } from '#libs/contracts';
import { type EventStore, idFromWords, type NewEvent, type NewMetadata } from '#libs/event-store';
import type { CycleOutcome } from './cycle-outcome.js';
import type { RequestedCycleRow } from './requested-cycle.entity.js';

/** Records how cycles ended: those somebody asked for, and of the others those that changed something. */
export class CycleRecord {
  constructor(
    private readonly store: Pick<EventStore, 'append'>,
    private readonly scope: Scope,
  ) {}

  async ended(
    observer: string,
    outcome: CycleOutcome,
    requests: readonly RequestedCycleRow[],
  ): Promise<void> {
    const events =
      requests.length > 0
        ? requests.map((request) => this.answer(observer, outcome, request))
        : this.unasked(observer, outcome);
    if (events.length > 0) await this.store.append(streams.syncRun(this.scope), events, 'any');
  }

  /** In the name of whoever asked. */
  private answer(observer: string, outcome: CycleOutcome, request: RequestedCycleRow): NewEvent {
    const { id: cycleId, actor, requestId, requestIp, userAgent, eventId } = request;
    const metadata: NewMetadata = {
      $correlationId: requestId,
      $causationId: eventId,
      actor,
      ...(requestIp === null ? {} : { requestIp }),
      ...(userAgent === null ? {} : { userAgent }),
    };
    return { ...this.event(cycleId, observer, outcome), id: idFromWords('cycle-ended', cycleId), metadata };
  }

  private unasked(observer: string, outcome: CycleOutcome): NewEvent[] {
    if (!('result' in outcome) || outcome.result.updated + outcome.result.deleted === 0) return [];
    const { cycleId } = outcome;
    const actor = { kind: 'service' as const, app: 'sync' };
    const metadata = { $correlationId: cycleId, $causationId: observer, actor };
    return [{ ...this.event(cycleId, observer, outcome), id: randomUUID(), metadata }];
  }

  private event(cycleId: string, observer: string, outcome: CycleOutcome): SyncCycleEvent {
    const { startedAt, endedAt } = outcome;
    const cycle = { scope: this.scope, cycleId, observer, startedAt };
    if ('result' in outcome) {
      const { result } = outcome;
      return syncCycleEvent('SyncCycleCompleted')({ ...cycle, completedAt: endedAt, result });
    }
    const { code, message: detail, retryAfterSeconds } = outcome.problem;
    return syncCycleEvent('SyncCycleFailed')({
      ...cycle,
      failedAt: endedAt,
      code,
      detail,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
}
