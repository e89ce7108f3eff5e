import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { requestInvalid } from './request.pipe.js';

/** A route that is told nothing: what is in its body all the same would be ignored in silence, and is refused. */
export const withoutBody = () => UseGuards(new NothingSent());

class NothingSent implements CanActivate {
  canActivate(host: ExecutionContext): boolean {
    const { body } = host.switchToHttp().getRequest<FastifyRequest>();
    if (body === undefined || body === null) return true;
    if (typeof body !== 'object' || Array.isArray(body))
      throw requestInvalid([{ field: 'body', message: 'must be empty' }]);
    const unknown = Object.keys(body);
    if (unknown.length === 0) return true;
    throw requestInvalid(unknown.map((field) => ({ field, message: 'is not a known field' })));
  }
}
