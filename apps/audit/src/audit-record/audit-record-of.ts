import { type Fact, operationOf, type Recorded } from '#libs/contracts';
import { eventDataOf } from '../record/event-data.js';
import { recordOf } from '../record/record.columns.js';
import { securityEventOf } from '../security-event/security-event-of.js';
import type { AuditedRunnerRow, AuditRecordRow } from './audit-record.entity.js';

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
  return {
    ...recordOf(fact, operation.eventType, runner),
    runnerOwnerId: runner?.provisionedBy ?? null,
    eventData: eventDataOf(fact),
    success: operation.errorMessage === undefined,
    errorMessage: operation.errorMessage ?? null,
    severity: securityEventOf(fact)?.severity ?? null,
  };
};
