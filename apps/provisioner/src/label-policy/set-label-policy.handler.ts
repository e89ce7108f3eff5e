import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { checkLabelPatterns } from './label-pattern.js';
import { SetLabelPolicy } from './label-policy.messages.js';
import { findLabelPolicyView, userMeant } from './label-policy-views.js';
import { UserPolicies } from './user-policies.js';

@CommandHandler(SetLabelPolicy)
export class SetLabelPolicyHandler implements ICommandHandler<SetLabelPolicy> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly policies: UserPolicies,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: SetLabelPolicy): Promise<ReplyOf<typeof subjects.setLabelPolicy>> {
    const { userIdentity, ...rules } = body;
    const administrator = await this.tenancy.administrator(context);
    checkLabelPatterns(rules.labelPatterns, 'label_patterns');
    await this.view.caughtUpWith(context.knownPosition);
    const userId = await this.view.read((em) => userMeant(em, userIdentity));
    const at = new Date().toISOString();
    const { position } = await this.policies.handle(
      {
        type: 'SetPolicy',
        userId,
        rules: { ...rules, allowedLabels: [...new Set(rules.allowedLabels)] },
        at,
      },
      originOf(context, actorOf(administrator)),
    );
    const policy = await this.view.written(position, (em) => findLabelPolicyView(em, userId));
    return { policy, ...present('position', position?.toString()) };
  }
}
