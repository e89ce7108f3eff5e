import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { examples, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const CLIENTS = '/api/v1/admin/oauth-clients';
const { machineClient } = examples;
const CLIENT = `${CLIENTS}/${machineClient.id}`;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

it('POST answers 201 with the client and where it is', async () => {
  const request = { client_id: 'shop-pipeline', team_id: machineClient.teamId, description: 'Nightly' };
  const { status, headers, body } = await gateway.call('post', CLIENTS).send(request);
  expect({ status, location: headers.location, body }).toEqual({
    status: 201,
    location: CLIENT,
    body: toSnakeCase(machineClient),
  });
  expect(gateway.bus.asked(subjects.registerMachineClient).at(-1)?.body).toEqual({
    machineClientId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    clientId: 'shop-pipeline',
    teamId: machineClient.teamId,
    description: 'Nightly',
  });
});

it('POST takes the id as some issuers write it for the id', async () => {
  await gateway.call('post', CLIENTS).send({ client_id: 'ci@clients', team_id: machineClient.teamId });
  expect(gateway.bus.asked(subjects.registerMachineClient).at(-1)?.body).toMatchObject({ clientId: 'ci' });
});

it.each([
  ['no team', { client_id: 'a' }, 'team_id'],
  ['a client without a name', { client_id: '@clients', team_id: machineClient.teamId }, 'client_id'],
  ['no client', { team_id: machineClient.teamId }, 'client_id'],
  ['a secret', { client_id: 'a', team_id: machineClient.teamId, client_secret: 's' }, 'client_secret'],
])('POST refuses %s', async (_, request, field) => {
  expectRefusedField(await gateway.call('post', CLIENTS).send(request), field);
});

it('GET lists by team and by whether they are active', async () => {
  const query = `team_id=${machineClient.teamId}&is_active=true&sort=-last_used_at`;
  const { body } = await gateway.call('get', `${CLIENTS}?${query}`).expect(200);
  expect(body).toEqual({ clients: [toSnakeCase(machineClient)], total: 1 });
  expect(gateway.bus.asked(subjects.listMachineClients).at(-1)?.body).toMatchObject({
    teamId: machineClient.teamId,
    isActive: true,
    sort: '-last_used_at',
  });
});

it('one is shown, changed and removed', async () => {
  const shown = await gateway.call('get', CLIENT).expect(200);
  expect(shown.body).toEqual(toSnakeCase(machineClient));
  await gateway.call('patch', CLIENT).send({ description: null, is_active: false }).expect(200);
  expect(gateway.bus.asked(subjects.changeMachineClient).at(-1)?.body).toEqual({
    machineClientId: machineClient.id,
    description: null,
    isActive: false,
  });
  await gateway.call('delete', CLIENT).expect(204);
  expect(gateway.bus.asked(subjects.removeMachineClient).at(-1)?.body).toEqual({
    machineClientId: machineClient.id,
  });
});

it('its team stays', async () => {
  expectRefusedField(await gateway.call('patch', CLIENT).send({ team_id: machineClient.teamId }), 'team_id');
});

it.each(['get', 'patch', 'delete'] as const)('%s of what is no id is 404', async (method) => {
  const { status, body } = await gateway.call(method, `${CLIENTS}/shop-pipeline`).send({});
  expect({ status, code: body.code }).toEqual({ status: 404, code: 'machine-client-unknown' });
});
