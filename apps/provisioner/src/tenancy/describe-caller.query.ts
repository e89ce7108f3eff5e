import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { Principal } from '#libs/access';
import type { CallerDescription } from '#libs/contracts';
import { present } from '../present.js';
import { Tenancy } from './tenancy.js';
import { DescribeCaller } from './tenancy.messages.js';
import { TenancyView } from './tenancy-view.js';

@QueryHandler(DescribeCaller)
export class DescribeCallerHandler implements IQueryHandler<DescribeCaller> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ context }: DescribeCaller): Promise<CallerDescription> {
    await this.view.caughtUpWith(context.knownPosition);
    const principal = await this.tenancy.principalOf(context);
    const { caller, userId, email, displayName, isAdmin, canUseJit, canUseRegistrationToken, teams } =
      principal;
    return {
      userId,
      ...present('email', email),
      ...present('displayName', displayName),
      oidcIssuer: caller.issuer,
      oidcSub: caller.subject,
      isAdmin,
      canUseJit,
      canUseRegistrationToken,
      roles: rolesOf(principal),
      teams: teams.map(({ id, name }) => ({ id, name })),
    };
  }
}

const rolesOf = ({ kind, isAdmin }: Principal): string[] => {
  if (kind === 'machine') return ['machine'];
  return isAdmin ? ['admin', 'user'] : ['user'];
};
