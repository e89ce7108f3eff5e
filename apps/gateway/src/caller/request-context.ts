import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller, RequestContext } from '#libs/contracts';

/** A request whose caller the guard has established. */
export type AuthenticatedRequest = FastifyRequest & { user: Caller };

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What every question over the bus carries of the request it came from. */
export const requestContextOf = (request: FastifyRequest & { user?: Caller }): RequestContext => {
  const { traceparent, 'user-agent': userAgent } = request.headers;
  return {
    requestId: request.id,
    requestIp: request.ip,
    ...(request.user ? { caller: request.user } : {}),
    ...(userAgent === undefined ? {} : { userAgent: userAgent.slice(0, 512) }),
    ...(typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? { traceparent } : {}),
  };
};

/** The verified caller, the circumstances of its request, and the reply it waits for. */
export type Asking = { caller: Caller; context: RequestContext; reply: FastifyReply };

export const AskedBy = createParamDecorator((_: unknown, host: ExecutionContext): Asking => {
  const http = host.switchToHttp();
  const request = http.getRequest<AuthenticatedRequest>();
  return { caller: request.user, context: requestContextOf(request), reply: http.getResponse() };
});
