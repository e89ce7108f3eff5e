import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ActivateUser } from './user.messages.js';
import { findUserView } from './user-views.js';
import { Users } from './users.js';

@CommandHandler(ActivateUser)
export class ActivateUserHandler implements ICommandHandler<ActivateUser> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly users: Users,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ActivateUser): Promise<ReplyOf<typeof subjects.activateUser>> {
    const { userId } = body;
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const position = await this.users.activate(userId, new Date().toISOString(), origin);
    const user = await this.view.written(position, (em) => findUserView(em, userId));
    return { user, ...present('position', position?.toString()) };
  }
}
