import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RemoveLabelPolicy } from './label-policy.messages.js';
import { userMeant } from './label-policy-views.js';
import { UserPolicies } from './user-policies.js';

@CommandHandler(RemoveLabelPolicy)
export class RemoveLabelPolicyHandler implements ICommandHandler<RemoveLabelPolicy> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly policies: UserPolicies,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: RemoveLabelPolicy): Promise<ReplyOf<typeof subjects.removeLabelPolicy>> {
    const administrator = await this.tenancy.administrator(context);
    await this.view.caughtUpWith(context.knownPosition);
    const userId = await this.view.read((em) => userMeant(em, body.userIdentity));
    const { events, position } = await this.policies.handle(
      { type: 'RemovePolicy', userId, at: new Date().toISOString() },
      originOf(context, actorOf(administrator)),
    );
    return { recorded: events.length, ...present('position', position?.toString()) };
  }
}
