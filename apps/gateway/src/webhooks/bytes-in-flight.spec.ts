import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { type FastifyInstance, fastify } from 'fastify';
import { AccessRefusals } from '../refusals/access-refusals.js';
import { answeringBus } from '../testing/answering-bus.js';
import { WEBHOOK_SECRET } from '../testing/gateway-under-test.js';
import { githubWebhooks } from './github-webhooks.plugin.js';

jest.setTimeout(30_000);

const MIB = 1024 * 1024;
const BUDGET = 256 * 1024;
const PING = '{"zen":"Practicality beats purity."}';

let server: FastifyInstance;
let port: number;
let signature: string;

beforeAll(async () => {
  const bus = answeringBus();
  server = fastify();
  await server.register(
    githubWebhooks({
      secrets: [WEBHOOK_SECRET],
      installationId: undefined,
      bus,
      refusals: new AccessRefusals(bus),
      publicUrl: 'http://localhost:8000',
      bodyWithinMs: 2_000,
      budgetBytes: BUDGET,
    }),
  );
  await server.listen({ host: '127.0.0.1', port: 0 });
  port = (server.server.address() as AddressInfo).port;
  signature = await sign(WEBHOOK_SECRET, PING);
});
afterAll(() => server?.close());

/** A delivery whose body is still to be sent. */
const begin = (headers: Record<string, string>): ClientRequest => {
  const sending = request({
    host: '127.0.0.1',
    port,
    path: '/webhooks/github',
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', 'x-github-event': 'ping', ...headers },
  });
  sending.flushHeaders();
  return sending;
};

/** The status it is answered with, or `cut` when the connection is broken instead. */
const outcomeOf = (sending: ClientRequest): Promise<number | 'cut'> =>
  new Promise((resolve) => {
    sending.once('response', (response: IncomingMessage) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sending.on('error', () => resolve('cut'));
    sending.once('close', () => resolve('cut'));
  });

const small = (): Promise<number | 'cut'> => {
  const sending = begin({ 'x-hub-signature-256': signature });
  const outcome = outcomeOf(sending);
  sending.end(PING);
  return outcome;
};

describe('the body of a delivery', () => {
  it('is not read without a signature', async () => {
    const sending = begin({ 'content-length': String(20 * MIB) });
    expect(await outcomeOf(sending)).toBe(401);
    sending.destroy();
  });

  it('is not read when it is announced as larger than any of GitHub', async () => {
    const sending = begin({ 'content-length': String(26 * MIB), 'x-hub-signature-256': signature });
    expect(await outcomeOf(sending)).toBe(413);
    sending.destroy();
  });

  it('may not drip', async () => {
    const sending = begin({ 'content-length': '1000', 'x-hub-signature-256': signature });
    const outcome = outcomeOf(sending);
    sending.write('{');
    expect(await outcome).toBe('cut');
  });

  it('shares a budget with the others: whoever exceeds it is cut off, and nobody else', async () => {
    const body = Buffer.alloc(0.4 * BUDGET, ' ');
    const large = Array.from({ length: 3 }, () =>
      begin({ 'content-length': String(body.length + 1), 'x-hub-signature-256': signature }),
    );
    const outcomes = large.map(outcomeOf);
    for (const sending of large) sending.write(body);
    expect(await Promise.race(outcomes)).toBe('cut');
    expect(await small()).toBe(200);
    for (const sending of large) sending.destroy();
    await Promise.all(outcomes);
  });

  it('counts no more once its sender has gone', async () => {
    for (let round = 0; round < 4; round += 1) {
      const body = Buffer.alloc(0.6 * BUDGET, ' ');
      const sending = begin({ 'content-length': String(body.length + 1), 'x-hub-signature-256': signature });
      const outcome = outcomeOf(sending);
      sending.write(body, () => sending.destroy());
      await outcome;
    }
    // the server learns of it a moment later
    let outcome = await small();
    for (const giveUpAt = Date.now() + 20_000; outcome !== 200 && Date.now() < giveUpAt; )
      outcome = await small();
    expect(outcome).toBe(200);
  });
});
