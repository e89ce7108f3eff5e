import {
  createParamDecorator,
  type ExecutionContext,
  Inject,
  Injectable,
  type PipeTransform,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type Caller, Problem } from '#libs/contracts';
import { CALLER_PASS_HEADER, readCallerPass } from '#libs/runtime';
import { SERVER_SECRET } from '../dashboard.tokens.js';

const CallerPass = createParamDecorator((_: unknown, host: ExecutionContext) => {
  const { headers } = host.switchToHttp().getRequest<FastifyRequest>();
  return headers[CALLER_PASS_HEADER];
});

/** The caller on the gateway's word. */
@Injectable()
class VerifiedCaller implements PipeTransform<string | string[] | undefined, Caller> {
  constructor(@Inject(SERVER_SECRET) private readonly secret: string) {}

  transform(pass: string | string[] | undefined): Caller {
    const caller = readCallerPass(typeof pass === 'string' ? pass : undefined, this.secret);
    if (!caller) throw new Problem('token-missing', 'This is served through the gateway only. Ask there.');
    return caller;
  }
}

/** `@PassedCaller() caller: Caller`: who is asking. */
export const PassedCaller = () => CallerPass(VerifiedCaller);
