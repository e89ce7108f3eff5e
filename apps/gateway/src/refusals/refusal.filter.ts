import { type ArgumentsHost, Catch } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '#libs/contracts';
import { ProblemFilter } from '#libs/runtime';
import type { RateLimits } from '../rate-limit/rate-limits.js';
import type { AccessRefusals } from './access-refusals.js';

/** The one place every refusal of the API passes: it is noted, and answered like any problem. */
@Catch()
export class RefusalFilter extends ProblemFilter {
  constructor(
    publicUrl: string,
    private readonly refusals: AccessRefusals,
    private readonly limits: RateLimits,
  ) {
    super(publicUrl);
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    super.catch(error instanceof Problem ? this.noted(error, host) : error, host);
  }

  private noted(given: Problem, host: ArgumentsHost): Problem {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const problem = this.limited(given, request) ?? given;
    this.refusals.note(problem, request);
    return problem;
  }

  /**
   * Who fails to say who they are too often is told so. Only failures are counted by address: many callers may
   * share one, and those with good tokens go on.
   */
  private limited({ kind }: Problem, { ip, method }: FastifyRequest): Problem | undefined {
    return kind === 'unauthenticated' ? this.limits.problemFor(`ip ${ip}`, method) : undefined;
  }
}
