import { Inject, Injectable } from '@nestjs/common';
import { Problem, type ProblemKind, type ProvisionRunner, securityEvent, streams } from '#libs/contracts';
import { type EventStore, idFromWords } from '#libs/event-store';
import type { Origin } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';

/** What the audit wants to know of; an outage is no refusal. */
const REFUSALS: readonly ProblemKind[] = ['forbidden', 'conflict', 'invalid', 'exhausted'];

const KEEP_MINUTES = 2;

/** What was asked for, as far as the record shows it. */
type Wanted = Pick<ProvisionRunner, 'runnerName' | 'runnerNamePrefix' | 'labels' | 'teamId'>;

/**
 * Records refused provisionings in the day's security stream. What anybody can cause without limit is recorded once
 * per caller, team, code and minute; the event's id says which, so that replicas agree.
 */
@Injectable()
export class Refusals {
  private readonly recorded = new Map<string, number>();

  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  async recording<T>(request: Wanted, origin: Origin, decide: () => Promise<T>): Promise<T> {
    try {
      return await decide();
    } catch (error) {
      if (error instanceof Problem && REFUSALS.includes(error.kind))
        await this.record(error, request, origin);
      throw error;
    }
  }

  private async record(problem: Problem, request: Wanted, origin: Origin): Promise<void> {
    const refusedAt = new Date();
    const minute = Math.floor(refusedAt.getTime() / 60_000);
    const { actor } = origin.metadata;
    // one machine's refusals must not hide another's
    const source = actor.userId ?? actor.machineClientId ?? actor.trustRuleId ?? 'unknown';
    const { runnerName = request.runnerNamePrefix, labels, teamId } = request;
    // nor what is refused to one team what is refused to another
    const id = idFromWords('refusal', source, teamId ?? 'no team', problem.code, String(minute));
    if (this.recorded.has(id)) return;
    this.recorded.set(id, minute);
    this.forgetBefore(minute - KEEP_MINUTES);

    const event = securityEvent('ProvisioningRefused')({
      code: problem.code,
      detail: problem.message,
      labels,
      members: problem.members,
      refusedAt: refusedAt.toISOString(),
      ...(runnerName === undefined ? {} : { runnerName }),
      ...(teamId === undefined ? {} : { teamId }),
    });
    const day = refusedAt.toISOString().slice(0, 10);
    await this.store.append(streams.security(day), [{ ...event, id, metadata: origin.metadata }], 'any', {
      deadline: origin.deadline,
    });
  }

  private forgetBefore(minute: number): void {
    for (const [id, recordedIn] of this.recorded) if (recordedIn < minute) this.recorded.delete(id);
  }
}
