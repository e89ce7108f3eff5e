import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '../processes/worker.js';

/** Takes deliveries and shows what they say from its memory: nothing recorded, nobody asked, no other process. */
export type BareListTask = { secret: string };

type Row = { runner_name: string; state: string; updated_at: string };
type Told = { action: string; workflow_job: { runner_name: string | null } };

const STATES: Record<string, string> = { in_progress: 'busy', completed: 'deleted' };

answer<BareListTask, { url: string }>(async ({ secret }) => {
  const rows = new Map<string, Row>();
  let changes = 0;

  const take = (body: Buffer, given: string): number => {
    const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
    if (given.length !== expected.length || !timingSafeEqual(Buffer.from(given), Buffer.from(expected)))
      return 401;
    const { action, workflow_job: job } = JSON.parse(body.toString('utf8')) as Told;
    const state = STATES[action];
    if (state === undefined || job.runner_name === null) return 202;
    rows.delete(job.runner_name);
    rows.set(job.runner_name, { runner_name: job.runner_name, state, updated_at: String(++changes) });
    return 202;
  };
  const newest = (offset: number, limit: number): Row[] =>
    [...rows.values()].reverse().slice(offset, offset + limit);

  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const query = new URL(request.url ?? '/', 'http://bare').searchParams;
      const page = newest(Number(query.get('offset')), Number(query.get('limit')));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ runners: page }));
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = take(Buffer.concat(chunks), String(request.headers['x-hub-signature-256']));
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"accepted"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
