import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { ZodError } from 'zod';
import { GitHubError } from './github/github-error.js';
import { oidcPath } from './oidc/oidc-issuer.js';

/** The longest body GitHub itself would ever send. */
const bodyLimit = 25 * 1024 * 1024;

/**
 * One server for everything: what begins with `/oidc` goes to the issuer, the rest to the routes. Paths
 * below `/api/v3` are the same as those without it, as on a GitHub Enterprise Server.
 */
export function makeHttpServer(
  logger: FastifyBaseLogger,
  oidc: (request: IncomingMessage, response: ServerResponse) => void,
): FastifyInstance {
  const http = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    rewriteUrl: (request) => request.url?.replace(/^\/api\/v3(?=\/|\?|$)/, '') || '/',
    serverFactory: (handler) =>
      createServer((request, response) =>
        isOidc(request.url) ? oidc(request, response) : handler(request, response),
      ),
  });

  // Bodies stay raw: each side of the simulator parses and refuses in its own words.
  http.removeAllContentTypeParsers();
  http.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  http.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      // The pattern, not the address: session ids and the like stay out of the log.
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
    });
  });

  http.setNotFoundHandler((_request, reply) =>
    reply
      .code(404)
      .send({ message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404' }),
  );

  http.setErrorHandler((error, request, reply) => {
    if (error instanceof GitHubError) return reply.code(error.status).send({ message: error.message });
    if (error instanceof ZodError) {
      const issues = error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
      return reply.code(422).send({ message: 'Validation Failed', errors: issues });
    }
    request.log.error({ err: error });
    return reply.code(500).send({ message: 'Server Error' });
  });
  return http;
}

const isOidc = (url: string | undefined): boolean =>
  url === oidcPath ||
  (url?.startsWith(`${oidcPath}/`) ?? false) ||
  (url?.startsWith(`${oidcPath}?`) ?? false);
