import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { GetUser } from './user.messages.js';
import { findUserView } from './user-views.js';

@QueryHandler(GetUser)
export class GetUserHandler implements IQueryHandler<GetUser> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: GetUser): Promise<ReplyOf<typeof subjects.getUser>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    const user = await this.view.read((em) => findUserView(em, body.userId));
    if (user === undefined)
      throw new Problem('user-unknown', 'There is no such user. GET /api/v1/admin/users lists all.');
    return { user, fresh };
  }
}
