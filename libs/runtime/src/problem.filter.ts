import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemCode, type ProblemKind, problemCodes } from '#libs/contracts';

/** The only place that knows which HTTP status a kind of problem is. */
const STATUS_OF: Record<ProblemKind, number> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  invalid: 422,
  exhausted: 429,
  internal: 500,
  'refused-upstream': 502,
  unavailable: 503,
  timeout: 504,
};

/** The HTTP status of a problem. */
export const statusOf = (code: ProblemCode): number => STATUS_OF[problemCodes[code].kind];

const logger = new Logger('http');

/** Turns whatever was thrown into an RFC 9457 body. What is not a problem of ours tells the caller nothing. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** `publicUrl` begins every problem's `type`. */
  constructor(private readonly publicUrl: string) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendProblem(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.publicUrl);
  }
}

/** The same for routes outside Nest. */
export const sendProblem = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string,
): void => {
  if (reply.sent) return;
  const problem = problemOf(error, request);
  logProblem(problem, request);
  const status = statusOf(problem.code);
  if (problem.kind === 'unauthenticated' && problem.code !== 'webhook-signature-invalid') {
    reply.header('www-authenticate', challengeOf(problem));
  }
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', String(problem.retryAfterSeconds));
  reply
    .status(status)
    .type('application/problem+json')
    .send(
      JSON.stringify({
        ...problem.members,
        type: `${publicUrl}/problems/${problem.code}`,
        title: problem.title,
        status,
        detail: problem.message,
        instance: pathOf(request),
        code: problem.code,
        request_id: request.id,
      }),
    );
};

/** RFC 6750, section 3. */
const challengeOf = (problem: Problem): string => {
  const realm = 'Bearer realm="runner-token-service"';
  if (problem.code === 'token-missing') return realm;
  return `${realm}, error="invalid_token", error_description="${problem.title}"`;
};

const logProblem = (problem: Problem, request: FastifyRequest): void => {
  const { code, kind, message, cause } = problem;
  if (kind === 'internal')
    logger.error({ requestId: request.id, err: cause }, 'a request could not be answered');
  else if (cause) logger.warn({ requestId: request.id, code, err: cause }, message);
};

/** Fastify's and Nest's own refusals, in our words. */
const problemOf = (error: unknown, request: FastifyRequest): Problem => {
  if (error instanceof Problem) return error;
  if (UNREADABLE_ADDRESS.has(codeOf(error))) return routeUnknown(request);
  const status = error instanceof HttpException ? error.getStatus() : statusCodeOf(error);
  switch (status) {
    case 404:
    case 405:
      return routeUnknown(request);
    case 413:
      return new Problem('body-too-large', 'The body is larger than this route takes. Send less.');
    case 400:
      return new Problem('body-not-json', 'The body could not be read as JSON. Send a JSON object.', {
        cause: error,
      });
    case 415:
      return new Problem('request-invalid', 'Send the body as application/json.', {
        members: { errors: [{ field: 'content-type', message: 'must be application/json' }] },
      });
    default:
      return new Problem('unexpected', `Something went wrong here. Report the request id ${request.id}.`, {
        cause: error,
      });
  }
};

const UNREADABLE_ADDRESS = new Set<unknown>(['FST_ERR_BAD_URL', 'FST_ERR_MAX_PARAM_LENGTH']);

const routeUnknown = (request: FastifyRequest) =>
  new Problem(
    'route-unknown',
    `There is no ${request.method} ${pathOf(request)}. See /docs for what there is.`,
  );

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;

const statusCodeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined;

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '/';
