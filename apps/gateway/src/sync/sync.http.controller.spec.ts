import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, Problem, subjects, type TriggerSync } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const SYNC = '/api/v1/admin/sync';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('GET /admin/sync/status', async () => {
  const { status, body } = await gateway.call('get', `${SYNC}/status`);
  expect({ status, body }).toEqual({ status: 200, body: toSnakeCase(examples.syncStatus) });
});

it.each([
  ['', false, 202],
  ['?wait=false', false, 202],
  ['?wait=true', true, 200],
])('POST /admin/sync/trigger%s', async (query, wait, expected) => {
  const { status, body } = await gateway.call('post', `${SYNC}/trigger${query}`);
  const asked = gateway.bus.asked(subjects.triggerSync).at(-1)?.body as TriggerSync | undefined;
  const result = wait ? { result: toSnakeCase(examples.syncTriggered.result) } : {};
  expect({ status, body }).toEqual({ status: expected, body: { cycle_id: asked?.cycleId, ...result } });
  expect(asked).toMatchObject({ wait });
});

it('POST /admin/sync/trigger?wait=true answers the problem the cycle failed with', async () => {
  gateway.bus.answer(subjects.triggerSync, () => {
    throw new Problem('github-rate-limited', 'GitHub accepts no more requests for now.', {
      retryAfterSeconds: 9,
    });
  });
  const { status, headers, body } = await gateway.call('post', `${SYNC}/trigger?wait=true`);
  expect([status, headers['retry-after'], body.code]).toEqual([503, '9', 'github-rate-limited']);
});

it('POST /admin/sync/trigger refuses what it does not know', async () => {
  expectRefusedField(await gateway.call('post', `${SYNC}/trigger?wait=perhaps`), 'wait');
  expectRefusedField(await gateway.call('post', `${SYNC}/trigger?force=true`), 'force');
});
