import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ChangeUser } from './user.messages.js';
import { findUserView } from './user-views.js';
import { Users } from './users.js';

@CommandHandler(ChangeUser)
export class ChangeUserHandler implements ICommandHandler<ChangeUser> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly users: Users,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ChangeUser): Promise<ReplyOf<typeof subjects.changeUser>> {
    const { isActive, comment: reason = 'No comment was given.', ...change } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const becomes = isActive === undefined ? undefined : { active: isActive, reason };
    const position = await this.users.change({ ...change, at: new Date().toISOString() }, becomes, origin);
    const user = await this.view.written(position, (em) => findUserView(em, change.userId));
    return { user, ...present('position', position?.toString()) };
  }
}
