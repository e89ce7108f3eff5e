import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { EmbeddedEventStore } from '../server/start-embedded-event-store.js';

export interface InternalHttp {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

export interface InternalHttpOptions {
  readonly registry: Registry;
  readonly ready: () => boolean;
  /** Undefined before it listens and once it stops. */
  readonly store: () => Pick<EmbeddedEventStore, 'scavenge' | 'backUp'> | undefined;
}

/** Serves `/health/live`, `/health/ready`, `/metrics`, `POST /scavenge` and `POST /backup` on 127.0.0.1. */
export const startInternalHttp = async (
  port: number,
  options: InternalHttpOptions,
): Promise<InternalHttp> => {
  const routes = routesOf(options);
  const server = createServer((request, response) => {
    answer(routes, request)
      .catch(() => json(500, { status: 'failed' }))
      .then(({ status, contentType, body }) => {
        response.writeHead(status, { 'content-type': contentType }).end(body);
      });
  });
  await listen(server, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Routes = Readonly<Record<string, () => Answer | Promise<Answer>>>;

const routesOf = ({ registry, ready, store }: InternalHttpOptions): Routes => ({
  'GET /health/live': () => health(true),
  'GET /health/ready': () => health(ready()),
  'GET /metrics': async () => ({
    status: 200,
    contentType: registry.contentType,
    body: await registry.metrics(),
  }),
  'POST /scavenge': async () => {
    const result = await store()?.scavenge();
    if (result === undefined) return json(503, { status: 'failed' });
    const { removedEvents, reclaimedBytes, duration } = result;
    return json(200, {
      removed_events: removedEvents,
      reclaimed_bytes: reclaimedBytes,
      seconds: duration / 1000,
    });
  },
  'POST /backup': async () => {
    const running = store();
    if (running === undefined) return json(503, { status: 'unavailable' });
    const file = await running.backUp();
    return file === undefined ? json(409, { status: 'busy' }) : json(200, { file });
  },
});

const answer = async (routes: Routes, { method, url, headers }: IncomingMessage): Promise<Answer> => {
  const route = routes[`${method} ${url}`];
  if (route === undefined) return { status: 404, contentType: 'text/plain', body: 'not found' };
  // Sent with every POST of a page in a browser: none of them has business here.
  if (headers.origin !== undefined) return json(403, { status: 'forbidden' });
  return route();
};

const health = (healthy: boolean): Answer =>
  json(healthy ? 200 : 503, { status: healthy ? 'ok' : 'unavailable' });

const json = (status: number, body: object): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
