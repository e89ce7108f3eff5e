import type { IdentityProviderView } from '../identity-provider/identity-provider.queries.js';
import type { LabelPolicyView } from '../label-policy/label-policy.queries.js';
import type { MachineClientView } from '../machine-client/machine-client.queries.js';
import type { OperationView } from '../operation/operation.commands.js';
import type { SecurityEventView } from '../security/security.queries.js';
import type { TeamMemberView, TeamView } from '../team/team.queries.js';
import type { TrustRuleView } from '../trust-rule/trust-rule.queries.js';
import type { UserView } from '../user/user.queries.js';

const TEAM = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';
const USER = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04';
const PROVIDER = '3c0f8f2e-7f0a-4d63-8b7a-5b1f6e2d9c06';
const createdAt = '2026-01-16T15:00:00.000Z';
const updatedAt = '2026-01-16T15:20:00.000Z';
const createdBy = 'root@example.com';

/** One valid example of every view of issuers, people, teams, machines and what is done to them. */
export const tenancyExamples = {
  user: {
    id: USER,
    email: 'alice@example.com',
    oidcIssuer: 'https://auth.example.com',
    oidcSub: 'alice',
    displayName: 'Alice',
    isAdmin: false,
    isActive: true,
    canUseJit: true,
    canUseRegistrationToken: false,
    createdAt,
    updatedAt,
    lastLoginAt: '2026-01-16T15:10:00.000Z',
    createdBy,
  },
  team: {
    id: TEAM,
    name: 'dev',
    description: 'Builds the shop',
    requiredLabels: ['team-dev'],
    optionalLabelPatterns: ['gpu', 'ubuntu-.*'],
    runnerGroupIds: [1],
    maxRunners: 10,
    isActive: true,
    createdAt,
    updatedAt,
    createdBy,
    memberCount: 1,
    activeRunnerCount: 3,
  },
  teamMember: {
    userId: USER,
    email: 'alice@example.com',
    displayName: 'Alice',
    isActive: true,
    addedAt: createdAt,
  },
  machineClient: {
    id: '4d1a9c3f-1b2c-4e5d-9f60-7a8b9c0d1e05',
    clientId: 'shop-pipeline',
    oidcIssuer: 'https://auth.example.com',
    teamId: TEAM,
    description: 'Nightly builds of the shop',
    isActive: true,
    createdAt,
    createdBy,
    lastUsedAt: updatedAt,
  },
  labelPolicy: {
    userIdentity: 'alice@example.com',
    userId: USER,
    allowedLabels: ['gpu', 'ubuntu-*'],
    labelPatterns: ['cuda-[0-9.]+'],
    maxRunners: 2,
    description: 'Experiments with GPUs',
    updatedAt,
  },
  ownLabelPolicy: {
    teamId: TEAM,
    teamName: 'dev',
    systemLabels: ['self-hosted', 'linux', 'x64'],
    requiredLabels: ['team-dev'],
    labelPatterns: ['gpu', 'ubuntu-.*'],
    runnerGroupIds: [1],
    quota: { limit: 10, inUse: 3 },
  },
  provisioningChecked: {
    allowed: false,
    labels: ['self-hosted', 'linux', 'x64', 'team-dev', 'gpu-prod-admin'],
    reasons: [{ code: 'label-not-permitted', detail: 'The team dev may not use the label gpu-prod-admin.' }],
  },
  identityProvider: {
    id: PROVIDER,
    name: 'GitHub Actions',
    issuer: 'https://token.actions.githubusercontent.com',
    audiences: ['runner-token-service'],
    jwksUrl: 'https://token.actions.githubusercontent.com/.well-known/jwks',
    algorithms: ['RS256'],
    emailDomains: [],
    claims: { clientId: 'sub' as const },
    isActive: true,
    createdAt,
    updatedAt,
    createdBy,
  },
  trustRule: {
    id: '5e2b0d4a-2c3d-4f6e-8a71-8b9c0d1e2f07',
    name: 'Pipelines of the shop',
    identityProviderId: PROVIDER,
    teamId: TEAM,
    conditions: [
      { claim: 'sub', matches: 'repo:octo-org/shop:.*' },
      { claim: 'ref', equals: 'refs/heads/main' },
    ],
    isActive: true,
    createdAt,
    updatedAt,
    createdBy,
  },
  trustRuleTested: {
    matches: false,
    reasons: [
      { claim: 'sub', fulfilled: true, detail: 'repo:octo-org/shop:ref:refs/heads/try matches the pattern.' },
      { claim: 'ref', fulfilled: false, detail: 'refs/heads/try is not refs/heads/main.' },
    ],
  },
  operation: {
    operationId: '1b7e3d5c-3d4e-4a7f-9b82-9c0d1e2f3a08',
    action: 'disable-users',
    comment: 'Laptops of these people were stolen',
    state: 'completed',
    affectedCount: 1,
    failedCount: 1,
    total: 2,
    startedAt: createdAt,
    finishedAt: updatedAt,
    details: [
      { targetId: USER, success: true },
      {
        targetId: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a09',
        success: false,
        code: 'user-unknown',
        detail: 'There is no such user.',
      },
    ],
  },
  securityEvent: {
    id: '5b0b6f0e-52d4-5a0c-9f5c-9a4f2b1d6e02',
    position: '1026',
    eventType: 'label_policy_violation',
    severity: 'high',
    teamId: TEAM,
    teamName: 'dev',
    userIdentity: 'alice@example.com',
    oidcIssuer: 'https://auth.example.com',
    oidcSub: 'alice',
    requestId: 'req-2',
    requestIp: '192.0.2.7',
    userAgent: 'curl/8.5.0',
    violationData: { code: 'label-not-permitted', members: { refused_labels: ['gpu-prod-admin'] } },
    actionTaken: 'refused',
    timestamp: '2026-01-16T15:30:02.000Z',
  },
} satisfies {
  user: UserView;
  team: TeamView;
  teamMember: TeamMemberView;
  machineClient: MachineClientView;
  labelPolicy: LabelPolicyView;
  ownLabelPolicy: object;
  provisioningChecked: object;
  identityProvider: IdentityProviderView;
  trustRule: TrustRuleView;
  trustRuleTested: object;
  operation: OperationView;
  securityEvent: SecurityEventView;
};
