import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { parseJson } from '../github/request-body.js';
import { tokenOrderSchema } from '../oidc/mint-token.js';
import type { Simulated } from '../simulated.js';
import { serveJobAdmin } from './jobs.routes.js';
import { serveRunnerAdmin } from './runners.routes.js';
import { stateOf } from './state.js';

/** How many of the newest deliveries are shown. */
const deliveriesQuery = z.object({ count: z.coerce.number().int().min(1).default(100) });

/** What only a test or a person at the desk does; nothing of this exists at GitHub. */
export function serveAdmin(http: FastifyInstance, simulated: Simulated): void {
  const { switches, calls, oidc, deliveries, ping } = simulated;

  http.get('/_simulator/state', () => stateOf(simulated));

  http.get('/_simulator/switches', () => switches.values);
  http.patch('/_simulator/switches', ({ body }) => switches.patch(parseJson(body)));
  http.delete('/_simulator/switches', () => switches.reset());

  http.delete('/_simulator/counters', (_request, reply) => {
    calls.reset();
    return reply.code(204).send();
  });

  http.get('/_simulator/deliveries', ({ query }) => ({
    deliveries: deliveries
      .page(Number.MAX_SAFE_INTEGER, deliveriesQuery.parse(query).count, undefined)
      .map(({ id, guid, event, action, redelivery, outcome }) => ({
        id,
        guid,
        event,
        action,
        redelivery,
        status: outcome?.status,
        status_code: outcome?.statusCode,
      })),
  }));

  http.post('/_simulator/ping', (_request, reply) => {
    ping();
    return reply.code(202).send({});
  });

  http.post('/_simulator/tokens', async ({ body }, reply) => {
    const order = tokenOrderSchema.parse(parseJson(body));
    return reply.code(201).send({
      access_token: await oidc.mint(order),
      token_type: 'Bearer',
      expires_in: order.expires_in,
      issuer: oidc.issuer,
    });
  });

  http.post('/_simulator/issuer-keys', async (_request, reply) => {
    await oidc.rotateKeys();
    return reply.code(204).send();
  });

  serveJobAdmin(http, simulated);
  serveRunnerAdmin(http, simulated);
}
