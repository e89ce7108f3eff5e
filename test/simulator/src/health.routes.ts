import type { FastifyInstance } from 'fastify';
import { Gauge } from 'prom-client';
import type { Simulated } from './simulated.js';

/** `/health/live`, `/health/ready` and `/metrics`; not ready before `ready()` was called. */
export function serveHealth(http: FastifyInstance, { calls, runners }: Simulated): { ready: () => void } {
  let ready = false;
  new Gauge({
    name: 'simulator_runners',
    help: 'Registered runners',
    registers: [calls.registry],
    collect() {
      this.set(runners.size);
    },
  });
  http.get('/health/live', () => ({ status: 'ok' }));
  http.get('/health/ready', (_request, reply) =>
    reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'starting', checks: {} }),
  );
  http.get('/metrics', async (_request, reply) =>
    reply.type(calls.registry.contentType).send(await calls.registry.metrics()),
  );
  return {
    ready: () => {
      ready = true;
    },
  };
}
