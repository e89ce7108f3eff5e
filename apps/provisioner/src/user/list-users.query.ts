import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { searchUsers } from './search-users.js';
import { ListUsers } from './user.messages.js';
import { userViews } from './user-views.js';

@QueryHandler(ListUsers)
export class ListUsersHandler implements IQueryHandler<ListUsers> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListUsers): Promise<ReplyOf<typeof subjects.listUsers>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const { rows, total } = await searchUsers(em, body);
      return { users: await userViews(em, rows), total, fresh };
    });
  }
}
