import { describe, it } from '@jest/globals';
import { type OperationEvent, operationEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { operationDecider } from './operation.decider.js';

const OPERATION = '0a9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01';
const [ADA, BEA, CLEO] = ['ada', 'bea', 'cleo'];
const AT = '2026-03-01T10:00:00.000Z';

const requested = operationEvent('BatchRequested')({
  operationId: OPERATION,
  action: 'disable-users',
  comment: 'credentials were stolen',
  requestedAt: AT,
});
const request = {
  type: 'RequestBatch',
  operationId: OPERATION,
  action: 'disable-users',
  comment: 'credentials were stolen',
  at: AT,
} as const;
const selection = { of: 'all', includeAdmins: false, sparedUserId: ADA } as const;
const started = operationEvent('BatchStarted')({
  operationId: OPERATION,
  targetIds: [ADA, BEA, CLEO],
  startedAt: AT,
});
const failure = (targetId: string) => ({ targetId, code: 'last-admin', detail: 'The last one stays.' });
const progressed = (doneIds: string[], failed: string[] = []) =>
  operationEvent('BatchProgressed')({
    operationId: OPERATION,
    doneIds,
    failures: failed.map(failure),
    progressedAt: AT,
  });
const completed = (affectedCount: number, failedCount: number) =>
  operationEvent('BatchCompleted')({
    operationId: OPERATION,
    action: 'disable-users',
    comment: 'credentials were stolen',
    affectedCount,
    failedCount,
    completedAt: AT,
  });

const operation = (...facts: readonly OperationEvent[]) => given(operationDecider, requested, ...facts);
const start = (...targetIds: string[]) => ({ type: 'StartBatch', targetIds, at: AT }) as const;
const progress = (doneIds: string[], failed: string[] = []) =>
  ({ type: 'RecordProgress', doneIds, failures: failed.map(failure), at: AT }) as const;
const complete = { type: 'CompleteBatch', at: AT } as const;

describe('an operation', () => {
  it('has to be requested before anything else', () =>
    given(operationDecider).when(complete).thenRefused('operation-unknown'));
  it('has named targets from its first moment', () =>
    given(operationDecider)
      .when({ ...request, targetIds: [ADA, BEA, ADA, CLEO] })
      .thenRecorded(requested, started));
  it('has others looked up once it is in the log', () =>
    given(operationDecider)
      .when({ ...request, selection })
      .thenRecorded(operationEvent('BatchRequested')({ ...requested.data, selection })));
  it('is requested once', () =>
    operation()
      .when({ ...request, targetIds: [ADA] })
      .thenNothing());
  it('starts with its targets, each once', () =>
    operation()
      .when(start(ADA, BEA, ADA, CLEO))
      .thenRecorded(started));
  it('starts once', () => operation(started).when(start(ADA)).thenNothing());
  it('tells what became of its targets', () =>
    operation(started)
      .when(progress([ADA], [BEA]))
      .thenRecorded(progressed([ADA], [BEA])));
  it('tells it once, whoever tells it again after a crash', () =>
    operation(started, progressed([ADA], [BEA]))
      .when(progress([ADA, BEA, CLEO]))
      .thenRecorded(progressed([CLEO])));
  it('has nothing to tell when nothing is new', () =>
    operation(started, progressed([ADA]))
      .when(progress([ADA]))
      .thenNothing());
  it('is complete when every target has been dealt with, with the counts that prove it', () =>
    operation(started, progressed([ADA, BEA], [CLEO]))
      .when(complete)
      .thenRecorded(completed(2, 1)));
  it('is not complete before', () =>
    operation(started, progressed([ADA]))
      .when(complete)
      .thenNothing());
  it('is complete at once without targets', () =>
    operation(operationEvent('BatchStarted')({ operationId: OPERATION, targetIds: [], startedAt: AT }))
      .when(complete)
      .thenRecorded(completed(0, 0)));
  it('is completed once', () =>
    operation(started, progressed([ADA, BEA, CLEO]), completed(3, 0))
      .when(complete)
      .thenNothing());
});
