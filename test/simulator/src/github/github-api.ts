import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Failure } from '../admin/switch-values.js';
import type { Switches } from '../admin/switches.js';
import type { CallLog } from '../call-log.js';
import type { Clock } from '../clock.js';
import type { Observer } from '../observer.js';
import { authenticate, type Credentials } from './authentication.js';
import type { Caller } from './caller.js';
import { type Flavour, flavours } from './flavour.js';
import { GitHubError, suspended } from './github-error.js';
import type { GitHubAnswer, GitHubRoute } from './github-route.js';
import { permits } from './permissions.js';
import type { RateLimit } from './rate-limit.js';
import { jsonOrNothing, parseJson } from './request-body.js';
import { requestId } from './request-id.js';
import { type SecondaryLimits, secondaryLimitReached } from './secondary-limits.js';

export interface GitHubApiParts {
  org: string;
  baseUrl: () => string;
  flavour: () => Flavour;
  credentials: Credentials;
  rateLimit: RateLimit;
  secondaryLimits: SecondaryLimits;
  switches: Switches;
  calls: CallLog;
  clock: Clock;
  observer: Observer | undefined;
}

const { documentation } = flavours['github.com'];

/** What every route of the REST API has in common, around its own `handle`. */
export function serveGitHubApi(http: FastifyInstance, routes: GitHubRoute[], parts: GitHubApiParts): void {
  for (const route of routes) {
    http.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => {
        const absent = route.onlyAt && route.onlyAt !== parts.switches.values.flavour;
        return absent ? reply.callNotFound() : serve(route, request, reply, parts);
      },
    });
  }
}

async function serve(
  route: GitHubRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: GitHubApiParts,
): Promise<FastifyReply> {
  const gone = parts.secondaryLimits.begin();
  try {
    return await serveOne(route, request, reply, parts);
  } finally {
    gone();
  }
}

async function serveOne(
  route: GitHubRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: GitHubApiParts,
): Promise<FastifyReply> {
  const { switches, calls } = parts;
  const failure = switches.takeFailure(route.operation);
  const latency = switches.latencyMs(route.operation);
  if (latency > 0) await wait(latency);

  const outcome =
    failure?.when === 'before'
      ? nothingDone(route, request, parts)
      : await answered(route, request, parts).catch(refused(route));
  if (failure?.status === 'timeout') {
    calls.record(route.operation, 'timeout');
    // The connection stays open and silent until the caller or the server gives up.
    return reply.hijack();
  }
  const answer = failure ? failed(failure, route) : outcome.answer;
  calls.record(route.operation, answer.status);
  return send(answer, outcome.caller, route, reply, request, parts);
}

interface Outcome {
  answer: GitHubAnswer;
  caller: Caller | undefined;
}

/** The call fails whatever it asks; who asked still decides whose counters its headers show. */
function nothingDone(route: GitHubRoute, { headers }: FastifyRequest, parts: GitHubApiParts): Outcome {
  const answer: GitHubAnswer = { status: 500 };
  try {
    return { answer, caller: authenticate(headers.authorization, route.access, parts.credentials) };
  } catch {
    return { answer, caller: undefined };
  }
}

async function answered(
  route: GitHubRoute,
  request: FastifyRequest,
  parts: GitHubApiParts,
): Promise<Outcome> {
  const { credentials, rateLimit, secondaryLimits, org, baseUrl } = parts;
  if (!request.headers['user-agent']) {
    throw new GitHubError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header',
    );
  }
  const version = request.headers['x-github-api-version'];
  if (version !== undefined && !parts.flavour().apiVersions.includes(String(version))) {
    throw new GitHubError(400, `The API version ${version} is not supported`);
  }
  const caller = authenticate(request.headers.authorization, route.access, credentials);
  const params = { ...(request.params as Record<string, string>) };
  const counted = route.counted !== false && caller.kind !== 'nobody';
  const resource = route.resource ?? 'core';
  try {
    if (caller.kind !== 'nobody') secondaryLimits.use(route);
    if (counted) rateLimit.use(caller.kind, resource);
    if (caller.kind === 'installation' && parts.switches.values.installation_suspended) throw suspended();
    if (params.org !== undefined && params.org.toLowerCase() !== org.toLowerCase()) {
      throw new GitHubError(404, 'Not Found');
    }
    if (
      caller.kind === 'installation' &&
      route.permission &&
      !permits(caller.permissions, route.permission)
    ) {
      throw new GitHubError(403, 'Resource not accessible by integration');
    }
    const [path = '', query = ''] = request.originalUrl.split('?');
    const answer = await route.handle({
      params,
      query: new URLSearchParams(query),
      body: parseJson(request.body),
      headers: request.headers,
      caller,
      url: baseUrl() + path,
    });
    const known = route.method === 'GET' ? conditional(answer, request.headers['if-none-match']) : answer;
    if (known.status === 304 && counted) rateLimit.refund(caller.kind, resource);
    return { answer: known, caller };
  } catch (error) {
    return { ...refused(route)(error), caller };
  }
}

/** Adds the ETag; a caller who has the same already gets a 304, which is free of charge. */
function conditional(answer: GitHubAnswer, ifNoneMatch: string | undefined): GitHubAnswer {
  if (answer.status !== 200) return answer;
  const digest = createHash('sha256').update(JSON.stringify(answer.body)).digest('hex');
  const etag = `W/"${digest}"`;
  const headers = { ...answer.headers, etag, 'cache-control': 'private, max-age=60, s-maxage=60' };
  const known = ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === `"${digest}"`);
  return known ? { status: 304, headers } : { ...answer, headers };
}

const refused =
  (route: GitHubRoute) =>
  (error: unknown): Outcome => {
    if (!(error instanceof GitHubError)) throw error;
    const { status, message, details } = error;
    return { answer: problem(status, message, route, details), caller: undefined };
  };

function failed({ status, retry_after_seconds }: Failure, route: GitHubRoute): GitHubAnswer {
  if (status === 'secondary_rate_limit') {
    return refused(route)(secondaryLimitReached(403, retry_after_seconds)).answer;
  }
  return problem(Number(status), 'Server Error', route, {});
}

const problem = (
  status: number,
  message: string,
  route: GitHubRoute,
  details: GitHubError['details'],
): GitHubAnswer => ({
  status,
  body: {
    message,
    ...(details.errors ? { errors: details.errors } : {}),
    documentation_url: details.documentationUrl ?? documentation + route.docs,
    status: String(status),
  },
  ...(details.headers ? { headers: details.headers } : {}),
});

function send(
  answer: GitHubAnswer,
  caller: Caller | undefined,
  route: GitHubRoute,
  reply: FastifyReply,
  request: FastifyRequest,
  { clock, rateLimit, observer, flavour }: GitHubApiParts,
): FastifyReply {
  const { apiVersions, enterpriseVersion } = flavour();
  const body = documented(answer.body, flavour());
  const headers = {
    date: clock.now().toUTCString(),
    server: 'github.com',
    'x-github-request-id': requestId(clock.seconds()),
    vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, X-Requested-With',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': String(request.headers['x-github-api-version'] ?? apiVersions[0]),
    ...(enterpriseVersion ? { 'x-github-enterprise-version': enterpriseVersion } : {}),
    ...(route.permission ? { 'x-accepted-github-permissions': route.permission } : {}),
    ...rateLimit.headers(caller?.kind ?? 'nobody', route.resource ?? 'core'),
    ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...answer.headers,
  };
  observer?.answered({
    operation: route.operation,
    request: {
      method: route.method,
      path: request.originalUrl,
      params: { ...(request.params as Record<string, string>) },
      body: jsonOrNothing(request.body),
    },
    answer: { status: answer.status, headers, body },
  });
  reply.code(answer.status).headers(headers);
  return body === undefined ? reply.send() : reply.send(JSON.stringify(body));
}

/** Errors of a server name the documentation of its own version. */
function documented(body: unknown, flavour: Flavour): unknown {
  const own = flavour.documentation !== documentation;
  if (!own || typeof body !== 'object' || body === null || !('documentation_url' in body)) return body;
  return {
    ...body,
    documentation_url: String(body.documentation_url).replace(documentation, flavour.documentation),
  };
}
