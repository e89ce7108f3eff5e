import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('GET /auth/me', async () => {
  const { body } = await gateway.call('get', '/api/v1/auth/me').expect(200);
  expect(body).toEqual(toSnakeCase(examples.caller));
});

it('GET /auth/my-label-policy', async () => {
  const { body } = await gateway.call('get', '/api/v1/auth/my-label-policy').expect(200);
  expect(body).toEqual({ policies: [toSnakeCase(examples.ownLabelPolicy)], total: 1 });
  expect(body.policies[0].quota).toEqual({ limit: 10, in_use: 3 });
});

it('POST /auth/check takes the body of a JIT call and provisions nothing', async () => {
  const request = { runner_name: 'worker-1', labels: ['GPU-prod-admin'] };
  const { body } = await gateway.call('post', '/api/v1/auth/check').send(request).expect(200);
  expect(body).toEqual(toSnakeCase(examples.provisioningChecked));
  expect(gateway.bus.asked(subjects.checkProvisioning).at(-1)?.body).toMatchObject({
    provisioningMethod: 'jit',
    runnerName: 'worker-1',
    labels: ['gpu-prod-admin'],
  });
  expect(gateway.bus.asked(subjects.provisionRunner)).toEqual([]);
  expectRefusedField(await gateway.call('post', '/api/v1/auth/check').send({ ephemeral: true }), 'ephemeral');
});
