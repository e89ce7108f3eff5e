import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Caller } from '#libs/contracts';
import type { RateLimits } from './rate-limits.js';

/** Stands behind the guard that establishes the caller; routes for everybody have none and no limit. */
export class RateLimitGuard implements CanActivate {
  constructor(private readonly limits: RateLimits) {}

  canActivate(host: ExecutionContext): boolean {
    const { user, method } = host.switchToHttp().getRequest<FastifyRequest & { user?: Caller }>();
    const problem = user && this.limits.problemFor(`caller ${user.issuer}|${user.subject}`, method);
    if (problem) throw problem;
    return true;
  }
}
