import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { fastify } from 'fastify';
import { subjects } from '#libs/contracts';
import { CALLER_PASS_HEADER, readCallerPass } from '#libs/runtime';
import type { Asking } from '../caller/request-context.js';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { DashboardStreams } from './dashboard-streams.js';

const SECRET = 'a server secret of length';

type Exchange = { request: IncomingMessage; response: ServerResponse };

let upstream: Server;
let arrived: Promise<Exchange>;
let gateway: GatewayUnderTest;
let url: string;
let token: string;

beforeAll(async () => {
  upstream = createServer().listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  gateway = await startGateway({
    environment: { DASHBOARD_INTERNAL_URL: `http://127.0.0.1:${port}` },
  });
  await gateway.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(gateway.app.getHttpServer().address() as AddressInfo).port}`;
  token = await gateway.issuer.token({ exp: Math.floor(Date.now() / 1000) + 3600 });
}, STARTS_WITHIN_MS);
afterAll(async () => {
  await gateway?.stop();
  upstream.closeAllConnections();
  upstream.close();
});
beforeEach(() => {
  arrived = once(upstream, 'request').then(([request, response]) => ({ request, response }) as Exchange);
});

const ask = (headers: Record<string, string> = {}, options: RequestInit = {}) =>
  fetch(`${url}/api/v1/runners/events`, {
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...options,
  });
const begin = (response: ServerResponse) =>
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });

it('passes on what comes, as it comes, on behalf of the verified caller', async () => {
  const asked = ask({ 'last-event-id': '4711', 'x-request-id': 'my-request' });
  const { request, response } = await arrived;
  expect([request.method, request.url]).toEqual(['GET', '/runners/events']);
  expect(request.headers).toMatchObject({ 'last-event-id': '4711', 'x-request-id': 'my-request' });
  expect(request.headers.authorization).toBeUndefined();
  const caller = readCallerPass(String(request.headers[CALLER_PASS_HEADER]), SECRET);
  expect(caller).toMatchObject({ issuer: gateway.issuer.issuer, claims: { exp: expect.any(Number) } });

  begin(response).write('id: 1\n\n');
  const answer = await asked;
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
    'no-store',
  ]);
  const reader = answer.body?.getReader();
  const next = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await next()).toBe('id: 1\n\n');
  response.write('id: 2\n\n');
  expect(await next()).toBe('id: 2\n\n');
  response.end();
  expect((await reader?.read())?.done).toBe(true);
});

it('ends in order when the dashboard is gone all of a sudden', async () => {
  const asked = ask();
  const { response } = await arrived;
  begin(response).write('id: 1\n\n');
  const text = (await asked).text();
  response.destroy();
  expect(await text).toBe('id: 1\n\n');
});

it('leaves when its caller does', async () => {
  const leaving = new AbortController();
  const asked = ask({}, { signal: leaving.signal });
  const { response } = await arrived;
  begin(response).write('id: 1\n\n');
  await asked;
  const left = once(response, 'close');
  leaving.abort();
  await left;
  expect(response.writableFinished).toBe(false);
});

it('asks nobody on behalf of whoever has gone while they were identified, and keeps nothing', async () => {
  const { port } = upstream.address() as AddressInfo;
  const streams = new DashboardStreams({
    upstream: `http://127.0.0.1:${port}`,
    serverSecret: SECRET,
    unlimited: false,
  });
  const caller = { issuer: 'https://auth.example.com', subject: 'alice', emailVerified: false };
  const server = fastify({ forceCloseConnections: true });
  const entered = Promise.withResolvers<void>();
  const outcome = Promise.withResolvers<unknown>();
  server.get('/', async (_, reply) => {
    entered.resolve();
    await once(reply.raw, 'close');
    const asking = { caller, context: { requestId: 'early' }, reply } as unknown as Asking;
    outcome.resolve(streams.follow('/runners/events', {}, asking).catch((error) => error.code));
    return '';
  });
  const leaving = new AbortController();
  const asked = fetch(await server.listen({ host: '127.0.0.1', port: 0 }), { signal: leaving.signal });
  await entered.promise;
  leaving.abort();
  await asked.catch(() => {});
  expect(await outcome.promise).toBe('service-unavailable');
  await server.close();
});

it('answers nothing but the headers to HEAD', async () => {
  const asked = ask({}, { method: 'HEAD' });
  const { request, response } = await arrived;
  begin(response).end();
  const answer = await asked;
  expect([request.method, answer.status, await answer.text()]).toEqual(['HEAD', 200, '']);
});

it('refuses as the dashboard does, in its own name, and has it recorded', async () => {
  const asked = ask();
  const { response } = await arrived;
  const problem = {
    type: 'urn:rts/problems/user-deactivated',
    title: 'x',
    status: 403,
    detail: 'Your account has been deactivated.',
    instance: '/runners/events',
    code: 'user-deactivated',
    request_id: 'other',
    member: 1,
  };
  response.writeHead(403, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  const answer = await asked;
  expect(answer.status).toBe(403);
  expect(await answer.json()).toMatchObject({
    type: expect.stringMatching(/^http.*\/problems\/user-deactivated$/),
    detail: problem.detail,
    instance: '/api/v1/runners/events',
    code: 'user-deactivated',
    request_id: answer.headers.get('x-request-id'),
    member: 1,
  });
  expect(gateway.bus.asked(subjects.recordAccessRefused).at(-1)?.body).toMatchObject({
    code: 'user-deactivated',
    route: 'GET /api/v1/runners/events',
  });
});

it.each([
  [
    503,
    JSON.stringify({ code: 'event-store-unavailable', detail: 'Later.' }),
    503,
    'event-store-unavailable',
  ],
  [500, '<html>', 500, 'unexpected'],
  [418, JSON.stringify({ code: 'no-code-of-ours', detail: 'No.' }), 500, 'unexpected'],
])('an answer %s %s of the dashboard is %s %s', async (status, body, told, code) => {
  const asked = ask();
  const { response } = await arrived;
  response.writeHead(status, { 'retry-after': '2' }).end(body);
  const answer = await asked;
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([told, code]);
});

it('says so when the dashboard is not there', async () => {
  const asked = ask();
  const { response } = await arrived;
  response.destroy();
  const answer = await asked;
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
  expect(await answer.json()).toMatchObject({ code: 'service-unavailable' });
});

it('lets go of those who listen when the gateway ends', async () => {
  const { port } = upstream.address() as AddressInfo;
  const other = await startGateway({ environment: { DASHBOARD_INTERNAL_URL: `http://127.0.0.1:${port}` } });
  await other.app.listen(0, '127.0.0.1');
  const { port: otherPort } = other.app.getHttpServer().address() as AddressInfo;
  const authorization = `Bearer ${await other.issuer.token({ exp: Math.floor(Date.now() / 1000) + 3600 })}`;
  const asked = fetch(`http://127.0.0.1:${otherPort}/api/v1/runners/events`, { headers: { authorization } });
  const { response } = await arrived;
  begin(response).write('id: 1\n\n');
  const text = (await asked).text();
  await other.stop();
  expect(await text).toBe('id: 1\n\n');
});

it('leaves room for others: 100 streams of one caller, until one of them is closed', async () => {
  const heard: Exchange[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    heard.push({ request, response });
    begin(response).write('id: 1\n\n');
  };
  upstream.on('request', answer);
  const leaving = new AbortController();
  const first = await ask({}, { signal: leaving.signal });
  const others = await Promise.all(Array.from({ length: 99 }, () => ask()));
  expect([first, ...others].map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 200));
  const refused = await ask();
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  expect(await refused.json()).toMatchObject({ code: 'rate-limited' });

  const left = Promise.race(heard.map(({ response }) => once(response, 'close')));
  leaving.abort();
  await left;
  const admitted = await ask();
  expect(admitted.status).toBe(200);
  upstream.off('request', answer);
  for (const { response } of heard) response.end();
  await Promise.all([...others, admitted].map((each) => each.text()));
});

it('asks nobody about a request without a token', async () => {
  const answer = await fetch(`${url}/api/v1/runners/events`);
  expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'token-missing' }]);
});
