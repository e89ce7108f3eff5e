import { afterEach, expect, it, jest } from '@jest/globals';
import {
  type GatewayUnderTest,
  type Method,
  STARTS_WITHIN_MS,
  startGateway,
} from '../testing/gateway-under-test.js';

jest.setTimeout(STARTS_WITHIN_MS);

let gateway: GatewayUnderTest;
afterEach(() => gateway?.stop());

const start = async (writes: number, reads: number) => {
  gateway = await startGateway({
    environment: { RATE_LIMIT_WRITES_PER_MINUTE: String(writes), RATE_LIMIT_READS_PER_MINUTE: String(reads) },
  });
};
const statuses = async (times: number, method: Method, path: string, token?: string) => {
  const seen: number[] = [];
  for (let each = 0; each < times; each++) seen.push((await gateway.call(method, path, token)).status);
  return seen;
};

it('a caller who writes too much is told when to go on; reads are counted by themselves', async () => {
  await start(2, 3);
  expect(await statuses(2, 'delete', '/api/v1/runners/a')).toEqual([200, 200]);
  const { status, headers, body } = await gateway.call('delete', '/api/v1/runners/a');
  expect({ status, code: body.code }).toEqual({ status: 429, code: 'rate-limited' });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(30);
  expect(await statuses(4, 'get', '/api/v1/runners')).toEqual([200, 200, 200, 429]);
});

it('is a matter of each caller', async () => {
  await start(1, 1);
  expect(await statuses(2, 'get', '/api/v1/runners')).toEqual([200, 429]);
  const bob = await gateway.issuer.token({ sub: 'bob' });
  expect(await statuses(2, 'get', '/api/v1/runners', bob)).toEqual([200, 429]);
});

it('whoever fails to say who they are is limited by address, and nobody else with them', async () => {
  await start(100, 2);
  const expired = await gateway.issuer.token({ exp: 1 });
  expect(await statuses(3, 'get', '/api/v1/runners', expired)).toEqual([401, 401, 429]);
  expect(await statuses(1, 'get', '/api/v1/runners')).toEqual([200]);
});

it('from an address that floods us with bad tokens none is looked at that is new; others go on', async () => {
  gateway = await startGateway({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  const [flooding, elsewhere] = ['203.0.113.1', '203.0.113.2'];
  const from = async (address: string, token?: string) =>
    (await gateway.call('get', '/api/v1/runners', token).set('x-forwarded-for', address)).status;
  expect(await from(flooding)).toBe(200);
  const forged = await gateway.issuer.token({}, { foreignKey: true });
  const refused: number[] = [];
  const giveUpAt = Date.now() + 45_000;
  // what is forgiven meanwhile may let one of them through
  for (let fresh = 0; fresh !== 429; ) {
    expect(Date.now()).toBeLessThan(giveUpAt);
    refused.push(...(await Promise.all(Array.from({ length: 40 }, () => from(flooding, forged)))));
    fresh = await from(flooding, await gateway.issuer.token({ jti: String(refused.length) }));
  }
  expect(refused.filter((status) => status === 401).length).toBeGreaterThanOrEqual(600);
  expect(await from(flooding)).toBe(200);
  expect(await from(elsewhere, await gateway.issuer.token({ sub: 'bob' }))).toBe(200);
});

it('what is for everybody has no limit', async () => {
  await start(1, 1);
  expect(await statuses(3, 'get', '/health/live')).toEqual([200, 200, 200]);
});

it('0 is off', async () => {
  await start(0, 0);
  expect(await statuses(5, 'get', '/api/v1/runners')).toEqual([200, 200, 200, 200, 200]);
});
