import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { DeactivateUser } from './user.messages.js';
import { findUserView } from './user-views.js';
import { Users } from './users.js';

@CommandHandler(DeactivateUser)
export class DeactivateUserHandler implements ICommandHandler<DeactivateUser> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly users: Users,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: DeactivateUser): Promise<ReplyOf<typeof subjects.deactivateUser>> {
    const { userId, comment } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const position = await this.users.deactivate(userId, comment, new Date().toISOString(), origin);
    const user = await this.view.written(position, (em) => findUserView(em, userId));
    return { user, ...present('position', position?.toString()) };
  }
}
