import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';
import type { CallerDescription, RequestContext } from '#libs/contracts';
import { Tenancy } from './tenancy.js';

export class DescribeCaller extends Query<CallerDescription> {
  constructor(readonly context: RequestContext) {
    super();
  }
}

@QueryHandler(DescribeCaller)
export class DescribeCallerHandler implements IQueryHandler<DescribeCaller> {
  constructor(private readonly tenancy: Tenancy) {}

  async execute({ context }: DescribeCaller): Promise<CallerDescription> {
    const { caller, userId, email, displayName, isAdmin, canUseJit, canUseRegistrationToken, teams } =
      await this.tenancy.principalOf(context);
    return {
      userId,
      oidcIssuer: caller.issuer,
      oidcSub: caller.subject,
      isAdmin,
      canUseJit,
      canUseRegistrationToken,
      roles: isAdmin ? ['admin', 'user'] : ['user'],
      teams: teams.map(({ id, name }) => ({ id, name })),
      ...(email === undefined ? {} : { email }),
      ...(displayName === undefined ? {} : { displayName }),
    };
  }
}
