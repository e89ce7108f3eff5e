import { z } from 'zod';
import {
  changeIdentityProviderSchema,
  registerIdentityProviderSchema,
  removeIdentityProviderSchema,
} from './identity-provider/identity-provider.commands.js';
import {
  getIdentityProviderSchema,
  identityProviderFoundSchema,
  identityProviderListSchema,
  identityProviderWrittenSchema,
  listIdentityProvidersSchema,
  trustedIssuersSchema,
} from './identity-provider/identity-provider.queries.js';
import { removeLabelPolicySchema, setLabelPolicySchema } from './label-policy/label-policy.commands.js';
import {
  getLabelPolicySchema,
  labelPolicyFoundSchema,
  labelPolicyListSchema,
  labelPolicyWrittenSchema,
  listLabelPoliciesSchema,
} from './label-policy/label-policy.queries.js';
import {
  changeMachineClientSchema,
  registerMachineClientSchema,
  removeMachineClientSchema,
} from './machine-client/machine-client.commands.js';
import {
  getMachineClientSchema,
  listMachineClientsSchema,
  machineClientFoundSchema,
  machineClientListSchema,
  machineClientWrittenSchema,
} from './machine-client/machine-client.queries.js';
import {
  batchRunSchema,
  getOperationSchema,
  operationFoundSchema,
  runBatchSchema,
} from './operation/operation.commands.js';
import { recordedSchema } from './runner/runner.commands.js';
import { subject } from './subject.js';
import {
  changeTeamSchema,
  createTeamSchema,
  deactivateTeamSchema,
  reactivateTeamSchema,
  teamMembershipSchema,
} from './team/team.commands.js';
import {
  getTeamSchema,
  listTeamMembersSchema,
  listTeamsSchema,
  teamFoundSchema,
  teamListSchema,
  teamMemberListSchema,
  teamMemberWrittenSchema,
  teamWrittenSchema,
} from './team/team.queries.js';
import {
  changeTrustRuleSchema,
  createTrustRuleSchema,
  removeTrustRuleSchema,
  testTrustRuleSchema,
  trustRuleTestedSchema,
} from './trust-rule/trust-rule.commands.js';
import {
  getTrustRuleSchema,
  listTrustRulesSchema,
  trustRuleFoundSchema,
  trustRuleListSchema,
  trustRuleWrittenSchema,
} from './trust-rule/trust-rule.queries.js';
import {
  activateUserSchema,
  changeUserSchema,
  createUserSchema,
  deactivateUserSchema,
} from './user/user.commands.js';
import {
  getUserSchema,
  listUsersSchema,
  userFoundSchema,
  userListSchema,
  userWrittenSchema,
} from './user/user.queries.js';

/** Who belongs where is decided and answered by the provisioner; operators ask it too. */
const tenancy = <Request extends z.ZodType, Reply extends z.ZodType>(
  name: string,
  request: Request,
  reply: Reply,
  timeoutMs = 10_000,
) =>
  subject({
    subject: `rts.v1.${name}`,
    request,
    reply,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs,
  });

/** Users, teams, machine clients, policies, providers, rules, and what is done to many of them at once. */
export const tenancySubjects = {
  createUser: tenancy('user.create', createUserSchema, userWrittenSchema),
  changeUser: tenancy('user.change', changeUserSchema, userWrittenSchema),
  deactivateUser: tenancy('user.deactivate', deactivateUserSchema, userWrittenSchema),
  activateUser: tenancy('user.activate', activateUserSchema, userWrittenSchema),
  getUser: tenancy('user.get', getUserSchema, userFoundSchema),
  listUsers: tenancy('user.list', listUsersSchema, userListSchema),

  createTeam: tenancy('team.create', createTeamSchema, teamWrittenSchema),
  changeTeam: tenancy('team.change', changeTeamSchema, teamWrittenSchema),
  deactivateTeam: tenancy('team.deactivate', deactivateTeamSchema, teamWrittenSchema),
  reactivateTeam: tenancy('team.reactivate', reactivateTeamSchema, teamWrittenSchema),
  addTeamMember: tenancy('team.addMember', teamMembershipSchema, teamMemberWrittenSchema),
  removeTeamMember: tenancy('team.removeMember', teamMembershipSchema, recordedSchema),
  getTeam: tenancy('team.get', getTeamSchema, teamFoundSchema),
  listTeams: tenancy('team.list', listTeamsSchema, teamListSchema),
  listTeamMembers: tenancy('team.listMembers', listTeamMembersSchema, teamMemberListSchema),

  registerMachineClient: tenancy(
    'machineClient.register',
    registerMachineClientSchema,
    machineClientWrittenSchema,
  ),
  changeMachineClient: tenancy('machineClient.change', changeMachineClientSchema, machineClientWrittenSchema),
  removeMachineClient: tenancy('machineClient.remove', removeMachineClientSchema, machineClientWrittenSchema),
  getMachineClient: tenancy('machineClient.get', getMachineClientSchema, machineClientFoundSchema),
  listMachineClients: tenancy('machineClient.list', listMachineClientsSchema, machineClientListSchema),

  setLabelPolicy: tenancy('labelPolicy.set', setLabelPolicySchema, labelPolicyWrittenSchema),
  removeLabelPolicy: tenancy('labelPolicy.remove', removeLabelPolicySchema, recordedSchema),
  getLabelPolicy: tenancy('labelPolicy.get', getLabelPolicySchema, labelPolicyFoundSchema),
  listLabelPolicies: tenancy('labelPolicy.list', listLabelPoliciesSchema, labelPolicyListSchema),

  registerIdentityProvider: tenancy(
    'identityProvider.register',
    registerIdentityProviderSchema,
    identityProviderWrittenSchema,
  ),
  changeIdentityProvider: tenancy(
    'identityProvider.change',
    changeIdentityProviderSchema,
    identityProviderWrittenSchema,
  ),
  removeIdentityProvider: tenancy(
    'identityProvider.remove',
    removeIdentityProviderSchema,
    identityProviderWrittenSchema,
  ),
  getIdentityProvider: tenancy(
    'identityProvider.get',
    getIdentityProviderSchema,
    identityProviderFoundSchema,
  ),
  listIdentityProviders: tenancy(
    'identityProvider.list',
    listIdentityProvidersSchema,
    identityProviderListSchema,
  ),
  /** Asked by the gateway for itself, without a caller. */
  trustedIssuers: tenancy('identityProvider.trusted', z.object({}), trustedIssuersSchema, 4_000),

  createTrustRule: tenancy('trustRule.create', createTrustRuleSchema, trustRuleWrittenSchema),
  changeTrustRule: tenancy('trustRule.change', changeTrustRuleSchema, trustRuleWrittenSchema),
  removeTrustRule: tenancy('trustRule.remove', removeTrustRuleSchema, trustRuleWrittenSchema),
  testTrustRule: tenancy('trustRule.test', testTrustRuleSchema, trustRuleTestedSchema),
  getTrustRule: tenancy('trustRule.get', getTrustRuleSchema, trustRuleFoundSchema),
  listTrustRules: tenancy('trustRule.list', listTrustRulesSchema, trustRuleListSchema),

  runBatch: tenancy('batch.run', runBatchSchema, batchRunSchema, 34_000),
  getOperation: tenancy('operation.get', getOperationSchema, operationFoundSchema),
};
