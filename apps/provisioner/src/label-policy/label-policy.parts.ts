import { GetLabelPolicyHandler } from './get-label-policy.query.js';
import { ListLabelPoliciesHandler } from './list-label-policies.query.js';
import { PolicyInForce } from './policy-in-force.js';
import { RemoveLabelPolicyHandler } from './remove-label-policy.handler.js';
import { SetLabelPolicyHandler } from './set-label-policy.handler.js';
import { UserPolicies } from './user-policies.js';

export const labelPolicyParts = [
  UserPolicies,
  PolicyInForce,
  SetLabelPolicyHandler,
  RemoveLabelPolicyHandler,
  GetLabelPolicyHandler,
  ListLabelPoliciesHandler,
];
