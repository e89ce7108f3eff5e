import type { Fact, Recorded } from '#libs/contracts';
import type { AuditedRunnerRow, AuditRecordRow } from './audit-record.entity.js';
import { eventDataOf } from './event-data.js';
import { operationOf } from './operation-of.js';

/**
 * The record of a fact, when it is an operation.
 * @param runner what is known of the fact's runner
 */
export const auditRecordOf = (
  fact: Recorded<Fact>,
  runner: AuditedRunnerRow | undefined,
): AuditRecordRow | undefined => {
  const operation = operationOf(fact);
  if (!operation) return undefined;
  const { actor, $correlationId, requestIp, userAgent } = fact.metadata;
  return {
    id: fact.id,
    position: fact.position,
    eventType: operation.eventType,
    runnerId: runnerIdOf(fact) ?? null,
    runnerName: runner?.name ?? textOf(fact, 'runnerName') ?? null,
    teamId: runner?.teamId ?? textOf(fact, 'teamId') ?? null,
    runnerOwnerId: runner?.provisionedBy ?? null,
    actorKind: actor.kind,
    actorUserId: actor.userId ?? null,
    actorIssuer: actor.issuer ?? null,
    actorSubject: actor.subject ?? null,
    actorApp: actor.app ?? null,
    requestId: $correlationId,
    requestIp: requestIp ?? null,
    userAgent: userAgent ?? null,
    eventData: eventDataOf(fact),
    success: operation.errorMessage === undefined,
    errorMessage: operation.errorMessage ?? null,
    recordedAt: fact.recordedAt,
  };
};

export const runnerIdOf = (fact: Recorded<Fact>): string | undefined => textOf(fact, 'runnerId');

const textOf = ({ data }: Recorded<Fact>, field: string): string | undefined => {
  const value = (data as Record<string, unknown>)[field];
  return typeof value === 'string' ? value : undefined;
};
