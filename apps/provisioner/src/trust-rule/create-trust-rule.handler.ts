import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { CreateTrustRule } from './trust-rule.messages.js';
import { findTrustRuleView } from './trust-rule-views.js';
import { TrustRules } from './trust-rules.js';

@CommandHandler(CreateTrustRule)
export class CreateTrustRuleHandler implements ICommandHandler<CreateTrustRule> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly rules: TrustRules,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: CreateTrustRule): Promise<ReplyOf<typeof subjects.createTrustRule>> {
    const administrator = await this.tenancy.administrator(context);
    const { trustRuleId, ...settings } = body;
    const origin = originOf(context, actorOf(administrator), { commandId: trustRuleId });
    const at = new Date().toISOString();
    const position = await this.rules.create({ trustRuleId, settings, at }, origin);
    const trustRule = await this.view.written(position, (em) => findTrustRuleView(em, body.trustRuleId));
    return { trustRule, ...present('position', position?.toString()) };
  }
}
