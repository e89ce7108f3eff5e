import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedHook {
  headers: IncomingHttpHeaders;
  /** The raw body, as it was signed. */
  body: string;
}

/** A place webhooks arrive at, and a way to wait for them. */
export async function webhookReceiver() {
  const received: ReceivedHook[] = [];
  const waiting = new Set<() => void>();
  let status: number | 'never' = 202;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString('utf8') });
    if (status !== 'never') response.writeHead(status).end('thanks');
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  /** Resolves with all that arrived once `enough` holds. */
  const until = (enough: (all: ReceivedHook[]) => boolean): Promise<ReceivedHook[]> =>
    new Promise((resolve) => {
      const check = () => {
        if (!enough(received)) return;
        waiting.delete(check);
        resolve([...received]);
      };
      waiting.add(check);
      check();
    });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/github`,
    received,
    until,
    answerWith: (code: number | 'never') => {
      status = code;
    },
    forget: () => received.splice(0),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
