import { ChangeTrustRuleHandler } from './change-trust-rule.handler.js';
import { CreateTrustRuleHandler } from './create-trust-rule.handler.js';
import { GetTrustRuleHandler } from './get-trust-rule.query.js';
import { ListTrustRulesHandler } from './list-trust-rules.query.js';
import { RemoveTrustRuleHandler } from './remove-trust-rule.handler.js';
import { TestTrustRuleHandler } from './test-trust-rule.query.js';
import { TrustRules } from './trust-rules.js';

export const trustRuleParts = [
  TrustRules,
  CreateTrustRuleHandler,
  ChangeTrustRuleHandler,
  RemoveTrustRuleHandler,
  TestTrustRuleHandler,
  GetTrustRuleHandler,
  ListTrustRulesHandler,
];
