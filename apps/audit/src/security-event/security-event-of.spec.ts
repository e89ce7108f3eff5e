import { describe, expect, it } from '@jest/globals';
import {
  type Fact,
  identityProviderEvent,
  machineClientEvent,
  operationEvent,
  runnerEvent,
  securityEvent,
  teamEvent,
  trustRuleEvent,
  unmanagedRunnersEvent,
  userEvent,
} from '#libs/contracts';
import { recorded } from '#libs/testing';
import { securityEventOf } from './security-event-of.js';

const id = '00000000-0000-4000-8000-000000000001';
const at = '2026-01-01T00:00:00.000Z';
const provisioningRefused = (code: string) =>
  securityEvent('ProvisioningRefused')({ code, detail: 'No.', labels: [], members: {}, refusedAt: at });
const accessRefused = (code: string) =>
  securityEvent('AccessRefused')({ code, detail: 'No.', refusedAt: at });
const userCreated = (rights: { isAdmin?: boolean; canUseRegistrationToken?: boolean }) =>
  userEvent('UserCreated')({
    userId: id,
    isAdmin: false,
    canUseJit: true,
    canUseRegistrationToken: false,
    createdAt: at,
    ...rights,
  });
const meaningOf = (fact: Fact) => securityEventOf(recorded(fact, { position: 1 }));

describe('what a refusal means', () => {
  it.each<[Fact, string | undefined, string | undefined]>([
    [provisioningRefused('label-not-permitted'), 'label_policy_violation', 'high'],
    [provisioningRefused('runner-group-not-permitted'), 'runner_group_refused', 'high'],
    [provisioningRefused('team-not-permitted'), 'team_refused', 'high'],
    [provisioningRefused('runner-quota-reached'), 'quota_exceeded', 'medium'],
    [provisioningRefused('registration-token-not-permitted'), 'provisioning_method_refused', 'medium'],
    [provisioningRefused('runner-name-taken'), undefined, undefined],
    [accessRefused('token-missing'), 'authentication_failed', 'low'],
    [accessRefused('token-expired'), 'authentication_failed', 'low'],
    [accessRefused('token-invalid'), 'authentication_failed', 'medium'],
    [accessRefused('issuer-untrusted'), 'authentication_failed', 'medium'],
    [accessRefused('webhook-signature-invalid'), 'webhook_signature_invalid', 'high'],
    [accessRefused('user-not-authorized'), 'unknown_user', 'medium'],
    [accessRefused('user-deactivated'), 'user_deactivated', 'medium'],
    [accessRefused('machine-client-refused'), 'machine_client_refused', 'medium'],
    [accessRefused('admin-required'), 'admin_required', 'medium'],
    [accessRefused('rate-limited'), 'rate_limited', 'low'],
    [accessRefused('already-exists'), undefined, undefined],
  ])('$data.code', (fact, eventType, severity) => {
    const meaning = meaningOf(fact);
    expect([meaning?.eventType, meaning?.severity]).toEqual([eventType, severity]);
    if (meaning) expect(meaning.actionTaken).toBe('refused');
  });
});

it.each<Fact>([
  userCreated({ isAdmin: true }),
  userCreated({ canUseRegistrationToken: true }),
  userEvent('UserBecameAdmin')({ userId: id, becameAdminAt: at }),
  userEvent('UserCeasedToBeAdmin')({ userId: id, ceasedAt: at }),
  userEvent('UserPermissionsSet')({ userId: id, canUseJit: true, canUseRegistrationToken: true, setAt: at }),
  machineClientEvent('MachineClientRemoved')({ machineClientId: id, removedAt: at }),
  identityProviderEvent('IdentityProviderActivated')({ identityProviderId: id, activatedAt: at }),
  trustRuleEvent('TrustRuleActivated')({ trustRuleId: id, activatedAt: at }),
])('$type changes privileges', (fact) =>
  expect(meaningOf(fact)).toEqual({ eventType: 'privilege_changed', severity: 'high' }),
);

describe('labels that were changed at GitHub', () => {
  const drifted = (action: 'remove' | 'alert', busy: boolean) =>
    runnerEvent('RunnerLabelsDrifted')({
      runnerId: id,
      scope: { kind: 'org', login: 'acme' },
      installationId: 7,
      runnerName: 'build-1',
      expected: ['gpu'],
      observed: [],
      missing: ['gpu'],
      unexpected: [],
      action,
      busy,
      seenAt: at,
    });

  it.each([
    [drifted('remove', false), 'removal'],
    [drifted('remove', true), 'removal-when-idle'],
    [drifted('alert', false), 'reported'],
  ])('are an alarm that says what is done about it', (fact, actionTaken) =>
    expect(meaningOf(fact)).toEqual({ eventType: 'label_drift', severity: 'high', actionTaken }),
  );
});

it('another machine with a runner’s registration token is an alarm', () => {
  const seen = runnerEvent('RunnerSurplusMachineSeen')({
    runnerId: id,
    scope: { kind: 'org', login: 'acme' },
    installationId: 7,
    runnerName: 'build-1',
    githubRunnerId: 9,
    surplusName: 'build-2',
    labels: ['gpu'],
    action: 'remove',
    seenAt: at,
  });
  expect(meaningOf(seen)).toEqual({ eventType: 'surplus_machine', severity: 'high', actionTaken: 'removal' });
});

it('a batch is critical', () => {
  const action = 'deactivate-teams';
  const batch = operationEvent('BatchRequested')({
    operationId: id,
    action,
    comment: 'All of it',
    requestedAt: at,
  });
  expect(meaningOf(batch)).toEqual({ eventType: 'batch_deactivate_teams', severity: 'critical' });
});

it('runners registered behind the service’s back are reported', () => {
  const runner = { githubRunnerId: 77, name: 'under-a-desk', labels: ['linux'], status: 'online' as const };
  const seen = unmanagedRunnersEvent('UnmanagedRunnersSeen')({
    scope: { kind: 'org', login: 'acme' },
    installationId: 7,
    runners: [runner],
    total: 1,
    seenAt: at,
  });
  expect(meaningOf(seen)).toEqual({
    eventType: 'unmanaged_runner',
    severity: 'medium',
    actionTaken: 'reported',
  });
});

it.each<Fact>([
  userCreated({}),
  userEvent('UserLoggedIn')({ userId: id, loggedInAt: at }),
  teamEvent('TeamRenamed')({ teamId: id, name: 'ops', renamedAt: at }),
])('$type is everyday business', (fact) => expect(meaningOf(fact)).toBeUndefined());
