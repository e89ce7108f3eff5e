import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RemoveTrustRule } from './trust-rule.messages.js';
import { findTrustRuleView } from './trust-rule-views.js';
import { TrustRules } from './trust-rules.js';

@CommandHandler(RemoveTrustRule)
export class RemoveTrustRuleHandler implements ICommandHandler<RemoveTrustRule> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly rules: TrustRules,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: RemoveTrustRule): Promise<ReplyOf<typeof subjects.removeTrustRule>> {
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const position = await this.rules.remove({ ...body, at: new Date().toISOString() }, origin);
    const trustRule = await this.view.written(position, (em) => findTrustRuleView(em, body.trustRuleId));
    return { trustRule, ...present('position', position?.toString()) };
  }
}
