import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { type Caller, type Problem, subjects } from '#libs/contracts';
import { bearerProblem } from '#libs/identity';
import type { Bus } from '#libs/messaging';
import { PUBLIC_ROUTE } from '#libs/runtime';
import { requestContextOf } from '../caller/request-context.js';

/** Who calls without a token when authentication is switched off for development. */
export const DEVELOPMENT_CALLER: Caller = {
  issuer: 'urn:rts:development',
  subject: 'dev@localhost',
  email: 'dev@localhost',
  emailVerified: true,
};

/** Every route demands a bearer token unless it says otherwise. */
@Injectable()
export class BearerGuard extends AuthGuard('jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly bus: Bus,
    private readonly authenticationEnabled: boolean,
  ) {
    super();
  }

  override async canActivate(host: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, [
      host.getHandler(),
      host.getClass(),
    ]);
    if (isPublic || host.getType() !== 'http') return true;
    const request = host.switchToHttp().getRequest<FastifyRequest & { user?: Caller }>();
    // no token is looked at then: the examples of the documentation send a placeholder
    if (!this.authenticationEnabled) {
      request.user = DEVELOPMENT_CALLER;
      return true;
    }
    return (await super.canActivate(host)) as boolean;
  }

  override handleRequest<User>(error: unknown, user: User, info: unknown, host: ExecutionContext): User {
    if (!error && user) return user;
    const problem = bearerProblem(error, info);
    if (problem.kind === 'unauthenticated') this.recordRefusal(problem, host);
    throw problem;
  }

  /** Without waiting: a stranger gets no slower answer because we take notes. */
  private recordRefusal({ code, message }: Problem, host: ExecutionContext): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    this.bus
      .ask(
        subjects.recordAccessRefused,
        { code, detail: message, source: request.ip },
        requestContextOf(request),
      )
      .catch(() => {});
  }
}
