import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '../processes/worker.js';

/** The least a receiver of deliveries does: reads the body, checks its signature, parses it, says 202. */
export type ReceiveTask = { secret: string };

answer<ReceiveTask, { url: string }>(async ({ secret }) => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const given = String(request.headers['x-hub-signature-256']);
      const signed =
        given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
      const { action } = JSON.parse(body.toString('utf8')) as { action: string };
      const status = signed && action ? 202 : 401;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
});
