import type { IncomingMessage } from 'node:http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Logger } from 'nestjs-pino';
import { Bus } from '#libs/messaging';
import { sendProblem } from '#libs/runtime';
import { dashboard } from './dashboard/dashboard.plugin.js';
import { SealedTokens } from './dashboard/sealed-token.js';
import { SignIn } from './dashboard/sign-in.js';
import { type GatewayConfig, publicUrlOf } from './gateway.config.js';
import { GatewayModule } from './gateway.module.js';
import { readJson } from './http/read-json.js';
import { requestPipe } from './http/request.pipe.js';
import { requestIdOf } from './http/request-id.js';
import { Turnstile } from './http/turnstile.js';
import { serveOpenApi } from './open-api.js';
import { serveProblemPages } from './problem-pages/problem-pages.js';
import { RateLimits } from './rate-limit/rate-limits.js';
import { AccessRefusals } from './refusals/access-refusals.js';
import { RefusalFilter } from './refusals/refusal.filter.js';
import { githubWebhooks } from './webhooks/github-webhooks.plugin.js';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** For a request to arrive whole: who sends a byte now and then would hold a connection for ever. */
const ARRIVES_WITHIN_MS = 30_000;

/** The public application, complete and not yet listening. `bus` is given by specs. */
export const createGateway = async (config: GatewayConfig, bus?: Bus): Promise<NestFastifyApplication> => {
  const publicUrl = publicUrlOf(config);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: ARRIVES_WITHIN_MS,
    // Node waits for as long as the longer of the two, and looks from time to time
    http: { headersTimeout: ARRIVES_WITHIN_MS, connectionsCheckingInterval: ARRIVES_WITHIN_MS / 10 },
    trustProxy: config.TRUSTED_PROXIES.length > 0 ? config.TRUSTED_PROXIES : false,
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(error, request, reply, publicUrl),
    genReqId: (request: IncomingMessage) => requestIdOf(request),
    // an identity in a path is an issuer's address and a subject, url-encoded
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 2048 },
  });
  const app = await NestFactory.create<NestFastifyApplication>(GatewayModule.with(config, bus), adapter, {
    bufferLogs: true,
    // Fastify's own parsers take JSON only: a form could be sent by any web page
    bodyParser: false,
  });
  app.useLogger(app.get(Logger));
  app.useGlobalPipes(requestPipe());
  const refusals = app.get(AccessRefusals);
  app.useGlobalFilters(new RefusalFilter(publicUrl, refusals, app.get(RateLimits)));
  if (config.CORS_ALLOWED_ORIGINS.length > 0) app.enableCors({ origin: config.CORS_ALLOWED_ORIGINS });

  const fastify = adapter.getInstance();
  const turnstile = new Turnstile();
  fastify.addHook('onRequest', async (request) => {
    if (!request.url.startsWith('/health')) await turnstile.pass();
  });
  let closing = false;
  fastify.addHook('preClose', async () => {
    closing = true;
  });
  fastify.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (closing) reply.header('connection', 'close');
  });
  await fastify.register(
    githubWebhooks({
      secrets: config.GITHUB_WEBHOOK_SECRET,
      installationId: config.GITHUB_APP_INSTALLATION_ID,
      bus: app.get(Bus),
      refusals,
      publicUrl,
    }),
  );
  await fastify.register(dashboard(dashboardOptions(config, publicUrl)));
  // after those that read bodies in their own way and would inherit ours
  readJson(fastify);
  await fastify.register(serveProblemPages);
  serveOpenApi(app, publicUrl);
  return app;
};

const dashboardOptions = (config: GatewayConfig, publicUrl: string) => ({
  upstream: config.DASHBOARD_INTERNAL_URL,
  publicUrl,
  serverSecret: config.SERVER_SECRET,
  tokens: new SealedTokens(config.SERVER_SECRET),
  authenticationEnabled: config.ENABLE_OIDC_AUTH,
  signIn:
    config.OIDC_ISSUER && config.OIDC_CLIENT_ID
      ? new SignIn({
          issuer: config.OIDC_ISSUER,
          clientId: config.OIDC_CLIENT_ID,
          clientSecret: config.OIDC_CLIENT_SECRET,
          redirectUri: `${publicUrl}/dashboard/callback`,
          allowHttp: config.ALLOW_PRIVATE_ISSUERS,
        })
      : undefined,
});
