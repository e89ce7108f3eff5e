import type { FastifyInstance } from 'fastify';
import type { Clock } from '../clock.js';
import type { RunnerRegistry } from '../github/runner-registry.js';
import { InvalidClient, verifyClientAssertion } from './client-assertion.js';
import type { ServiceTokens } from './service-tokens.js';
import { runnerServicePaths } from './urls.js';

export interface OAuthParts {
  runners: RunnerRegistry;
  tokens: ServiceTokens;
  clock: Clock;
  authorizationUrl: () => string;
  tokenSeconds: () => number;
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Where a runner turns a proof of its private key into an access token of 50 minutes. */
export function serveOAuthToken(http: FastifyInstance, parts: OAuthParts): void {
  const { runners, tokens, clock } = parts;
  /** jti → end of life in seconds: an assertion works once. */
  const seen = new Map<string, number>();

  http.post(runnerServicePaths.authorization, async (request, reply) => {
    reply.header('date', clock.now().toUTCString());
    try {
      const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '');
      if (form.get('grant_type') !== 'client_credentials') {
        return reply.code(400).send({ error: 'unsupported_grant_type' });
      }
      if (form.get('client_assertion_type') !== assertionType) {
        throw new InvalidClient('A client assertion of type jwt-bearer is required.');
      }
      const { clientId, jti, exp } = verifyClientAssertion(form.get('client_assertion') ?? '', {
        audience: parts.authorizationUrl(),
        nowSeconds: clock.seconds(),
        publicKeyOf: (client) => runners.findByClient(client)?.credentials?.publicKey,
      });
      for (const [old, end] of seen) if (end < clock.seconds()) seen.delete(old);
      if (seen.has(jti)) throw new InvalidClient('The client assertion was used before.');
      seen.set(jti, exp);

      const runner = runners.findByClient(clientId);
      if (!runner) throw new InvalidClient(`Registration ${clientId} was not found.`);
      const expires_in = parts.tokenSeconds();
      const access_token = tokens.mint(
        {
          sub: clientId,
          runner_id: String(runner.id),
          runner_group_id: String(runner.runner_group_id),
          is_ephemeral: runner.ephemeral ? 'True' : 'False',
          labels: JSON.stringify(runner.labels.map(({ name }) => name)),
        },
        expires_in,
      );
      return { access_token, expires_in, token_type: 'JWT' };
    } catch (error) {
      if (!(error instanceof InvalidClient)) throw error;
      return reply.code(400).send({ error: 'invalid_client', error_description: error.message });
    }
  });
}
