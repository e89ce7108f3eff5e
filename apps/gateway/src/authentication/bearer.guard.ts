import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { type Caller, Problem } from '#libs/contracts';
import { bearerTokenOf, type TokenVerifier } from '#libs/identity';
import { PUBLIC_ROUTE } from '#libs/runtime';
import type { FailedAuthentications } from '../rate-limit/failed-authentications.js';

/** Who calls without a token when authentication is switched off for development. */
export const DEVELOPMENT_CALLER: Caller = {
  issuer: 'urn:rts:development',
  subject: 'dev@localhost',
  email: 'dev@localhost',
  emailVerified: true,
};

/** Every route demands a bearer token unless it says otherwise. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly authenticationEnabled: boolean,
    /** Absent: rate limits are off. */
    private readonly failures: FailedAuthentications | undefined,
  ) {}

  async canActivate(host: ExecutionContext): Promise<boolean> {
    const isPublic = this.reflector.getAllAndOverride<boolean>(PUBLIC_ROUTE, [
      host.getHandler(),
      host.getClass(),
    ]);
    if (isPublic || host.getType() !== 'http') return true;
    const request = host.switchToHttp().getRequest<FastifyRequest & { user?: Caller }>();
    // no token is looked at then: the examples of the documentation send a placeholder
    request.user = this.authenticationEnabled ? await this.callerOf(request) : DEVELOPMENT_CALLER;
    return true;
  }

  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const token = bearerTokenOf(request);
    if (token === undefined) throw missing();
    const { failures } = this;
    const tooMany = failures?.problemFor(request.ip, token);
    if (tooMany) throw tooMany;
    const verification = await this.verifier.verify(token);
    if (verification.valid) {
      failures?.succeeded(token);
      return verification.caller;
    }
    if (verification.problem.kind === 'unauthenticated') failures?.failed(request.ip);
    throw verification.problem;
  }
}

const missing = () =>
  new Problem(
    'token-missing',
    'Send "Authorization: Bearer <token>" with a token of your identity provider.',
  );
