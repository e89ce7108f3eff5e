import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examples, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';
import { runningOperation } from './batch.response.js';

const BATCH = '/api/v1/admin/batch';
const comment = 'Credentials may have leaked';
const id = examples.user.id;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());
const lastBatch = () => gateway.bus.asked(subjects.runBatch).at(-1)?.body;

it.each([
  ['disable-users', { user_ids: [id], include_admins: true }, { userIds: [id], includeAdmins: true }],
  ['disable-users', { all: true }, { all: true, includeAdmins: false }],
  ['restore-users', { user_ids: [id] }, { userIds: [id] }],
  ['delete-runners', { runner_ids: [id] }, { runnerIds: [id] }],
  ['delete-runners', { user_identity: 'alice@example.com' }, { userIdentity: 'alice@example.com' }],
  ['delete-runners', { team_id: id, dry_run: true }, { teamId: id, dryRun: true }],
  ['deactivate-teams', { team_ids: [id], remove_runners: true }, { teamIds: [id], removeRunners: true }],
  ['reactivate-teams', { all: true }, { all: true }],
])('POST /admin/batch/%s %j', async (action, targets, asked) => {
  const { status, body } = await gateway.call('post', `${BATCH}/${action}`).send({ comment, ...targets });
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      success: false,
      action: 'disable-users',
      affected_count: 1,
      failed_count: 1,
      comment: examples.operation.comment,
      dry_run: 'dry_run' in targets,
      details: toSnakeCase(examples.operation.details),
      operation_id: examples.operation.operationId,
    },
  });
  expect(lastBatch()).toMatchObject({ action, comment, ...asked });
});

it.each([
  ['disable-users', {}, 'user_ids'],
  ['disable-users', { user_ids: [] }, 'user_ids'],
  ['disable-users', { all: false }, 'user_ids'],
  ['disable-users', { all: true, user_ids: [id] }, 'all'],
  ['disable-users', { user_ids: ['alice'] }, 'user_ids.0'],
  ['disable-users', { team_ids: [id] }, 'team_ids'],
  ['restore-users', { all: true, include_admins: true }, 'include_admins'],
  ['delete-runners', {}, 'runner_ids'],
  ['deactivate-teams', {}, 'team_ids'],
  ['reactivate-teams', { all: true, remove_runners: true }, 'remove_runners'],
  ['disable-users', { all: true, comment: 'too short' }, 'comment'],
  ['disable-users', { all: true, comment: 'x'.repeat(501) }, 'comment'],
])('POST /admin/batch/%s refuses %j', async (action, targets, field) => {
  expectRefusedField(await gateway.call('post', `${BATCH}/${action}`).send({ comment, ...targets }), field);
});

describe('a batch that goes on', () => {
  it('answers 202 and where its progress is', async () => {
    const { bus, call } = gateway;
    bus.answerOnce(subjects.runBatch, () => ({ operation: runningOperation, dryRun: false, position: '7' }));
    const response = await call('post', `${BATCH}/disable-users`).send({ comment, all: true });
    expect({ status: response.status, location: response.headers.location }).toEqual({
      status: 202,
      location: `/api/v1/admin/operations/${runningOperation.operationId}`,
    });
    expect(response.body).toMatchObject({ success: true, operation_id: runningOperation.operationId });
  });

  it('is seen in what its caller reads next, as far as it was told to be', async () => {
    const { bus, call } = gateway;
    bus.answerOnce(subjects.getOperation, () => ({ operation: runningOperation, position: '4711' }));
    await call('get', `/api/v1/admin/operations/${runningOperation.operationId}`).expect(200);
    await call('get', '/api/v1/admin/users').expect(200);
    expect(bus.asked(subjects.listUsers).at(-1)?.context.knownPosition).toBe('4711');
  });

  it('can be looked at', async () => {
    const { operationId } = examples.operation;
    const { body } = await gateway.call('get', `/api/v1/admin/operations/${operationId}`).expect(200);
    expect(body).toEqual(toSnakeCase(examples.operation));
    const unknown = await gateway.call('get', '/api/v1/admin/operations/latest');
    expect({ status: unknown.status, code: unknown.body.code }).toEqual({
      status: 404,
      code: 'operation-unknown',
    });
  });
});

it('there is no other batch', async () => {
  const { status, body } = await gateway.call('post', `${BATCH}/delete-users`).send({ comment, all: true });
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'route-unknown' });
});
