import {
  batchWord,
  type Fact,
  type ProblemCode,
  type Recorded,
  type SecurityEventView,
} from '#libs/contracts';

/** What a fact means to whoever watches over security. */
export type SecurityMeaning = {
  eventType: string;
  severity: SecurityEventView['severity'];
  actionTaken?: string;
};
type DriftFact = Extract<Fact, { type: 'RunnerLabelsDrifted' }>;
type Meaning = readonly [eventType: string, severity: SecurityEventView['severity']];

/** A refused provisioning: somebody tried what their team may not. */
const PROVISIONING_REFUSED: { [Code in ProblemCode]?: Meaning } = {
  'label-not-permitted': ['label_policy_violation', 'high'],
  'runner-group-not-permitted': ['runner_group_refused', 'high'],
  'team-not-permitted': ['team_refused', 'high'],
  'runner-quota-reached': ['quota_exceeded', 'medium'],
  'jit-not-permitted': ['provisioning_method_refused', 'medium'],
  'registration-token-not-permitted': ['provisioning_method_refused', 'medium'],
  'team-deactivated': ['team_deactivated', 'medium'],
};

/** Somebody who was turned away before anything was decided. */
const ACCESS_REFUSED: { [Code in ProblemCode]?: Meaning } = {
  'token-missing': ['authentication_failed', 'low'],
  'token-expired': ['authentication_failed', 'low'],
  'token-invalid': ['authentication_failed', 'medium'],
  'issuer-untrusted': ['authentication_failed', 'medium'],
  'webhook-signature-invalid': ['webhook_signature_invalid', 'high'],
  'user-not-authorized': ['unknown_user', 'medium'],
  'user-deactivated': ['user_deactivated', 'medium'],
  'machine-client-refused': ['machine_client_refused', 'medium'],
  'team-deactivated': ['team_deactivated', 'medium'],
  'admin-required': ['admin_required', 'medium'],
  'last-admin': ['last_admin', 'medium'],
  'rate-limited': ['rate_limited', 'low'],
};

/** The security event a fact is, if any. */
export const securityEventOf = (fact: Recorded<Fact>): SecurityMeaning | undefined => {
  switch (fact.type) {
    case 'ProvisioningRefused':
      return refused(PROVISIONING_REFUSED, fact.data.code);
    case 'AccessRefused':
      return refused(ACCESS_REFUSED, fact.data.code);
    case 'RunnerLabelsDrifted':
      return { eventType: 'label_drift', severity: 'high', actionTaken: driftAction(fact.data) };
    case 'RunnerSurplusMachineSeen': {
      const { action } = fact.data;
      return {
        eventType: 'surplus_machine',
        severity: 'high',
        actionTaken: driftAction({ action, busy: false }),
      };
    }
    case 'RunnerWorkflowJobOutsidePolicy':
      return { eventType: 'label_policy_violation', severity: 'high', actionTaken: fact.data.action };
    case 'UserCreated':
      return fact.data.isAdmin || fact.data.canUseRegistrationToken ? privilegeChanged : undefined;
    case 'UserBecameAdmin':
    case 'UserCeasedToBeAdmin':
    case 'UserPermissionsSet':
    case 'MachineClientRegistered':
    case 'MachineClientDeactivated':
    case 'MachineClientActivated':
    case 'MachineClientRemoved':
    case 'IdentityProviderRegistered':
    case 'IdentityProviderConfigured':
    case 'IdentityProviderDeactivated':
    case 'IdentityProviderActivated':
    case 'IdentityProviderRemoved':
    case 'TrustRuleCreated':
    case 'TrustRuleChanged':
    case 'TrustRuleDeactivated':
    case 'TrustRuleActivated':
    case 'TrustRuleRemoved':
      return privilegeChanged;
    case 'UnmanagedRunnersSeen':
      return { eventType: 'unmanaged_runner', severity: 'medium', actionTaken: 'reported' };
    case 'BatchRequested':
      return { eventType: batchWord(fact.data.action), severity: 'critical' };
    default:
      return undefined;
  }
};

const driftAction = ({ action, busy }: Pick<DriftFact['data'], 'action' | 'busy'>): string => {
  if (action === 'alert') return 'reported';
  return busy ? 'removal-when-idle' : 'removal';
};

const privilegeChanged: SecurityMeaning = { eventType: 'privilege_changed', severity: 'high' };

const refused = (
  meanings: { [Code in ProblemCode]?: Meaning },
  code: string,
): SecurityMeaning | undefined => {
  const [eventType, severity] = (meanings as Partial<Record<string, Meaning>>)[code] ?? [];
  return eventType && severity ? { eventType, severity, actionTaken: 'refused' } : undefined;
};
