import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventStoreMetrics } from './event-store-metrics.js';

export interface InternalHttp {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/health/live`, `/health/ready` and `/metrics` on 127.0.0.1. */
export const startInternalHttp = async (
  port: number,
  metrics: EventStoreMetrics,
  ready: () => boolean,
): Promise<InternalHttp> => {
  const server = createServer(answer(metrics, ready));
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

const answer =
  ({ registry }: EventStoreMetrics, ready: () => boolean): RequestListener =>
  (request, response) => {
    const send = (status: number, contentType: string, body: string): void => {
      response.writeHead(status, { 'content-type': contentType }).end(body);
    };
    const sendHealth = (healthy: boolean): void =>
      send(
        healthy ? 200 : 503,
        'application/json',
        JSON.stringify({ status: healthy ? 'ok' : 'unavailable' }),
      );
    switch (request.url) {
      case '/health/live':
        return sendHealth(true);
      case '/health/ready':
        return sendHealth(ready());
      case '/metrics':
        registry.metrics().then(
          (text) => send(200, registry.contentType, text),
          () => send(500, 'text/plain', 'no metrics'),
        );
        return undefined;
      default:
        return send(404, 'text/plain', 'not found');
    }
  };

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
