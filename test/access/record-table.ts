import {
  COMMENT,
  done,
  emailOf,
  knownEverywhere,
  mintPerson,
  newClient,
  newTeam,
  newUser,
  teamIds,
  tenantIssuer,
  unique,
} from './tenants.js';

const comment = COMMENT;

/** Ids that earlier rows left behind. */
export type Made = Record<string, string>;
export type Change = {
  /** Event type of the audit record. */
  record: string;
  call: (made: Made) => [method: string, path: string, body?: object];
  /** Name under which the id in the answer is left for later rows. */
  makes?: string;
};
const jit = (): [string, string, object] => ['POST', '/runners/jit', { runner_name: unique('recorded') }];

/** Every kind of change, in an order in which later rows may use what earlier ones made. */
export const changes: readonly Change[] = [
  {
    record: 'team_created',
    call: () => ['POST', '/admin/teams', { name: unique('recorded') }],
    makes: 'team',
  },
  { record: 'team_updated', call: ({ team }) => ['PATCH', `/admin/teams/${team}`, { max_runners: 7 }] },
  {
    record: 'team_deactivated',
    call: ({ team }) => ['POST', `/admin/teams/${team}/deactivate`, { reason: comment }],
  },
  { record: 'team_reactivated', call: ({ team }) => ['POST', `/admin/teams/${team}/reactivate`] },
  {
    record: 'user_created',
    call: () => ['POST', '/admin/users', { email: emailOf(unique('recorded')) }],
    makes: 'user',
  },
  { record: 'user_updated', call: ({ user }) => ['PATCH', `/admin/users/${user}`, { display_name: 'R' }] },
  { record: 'user_deactivated', call: ({ user }) => ['DELETE', `/admin/users/${user}`, { comment }] },
  { record: 'user_activated', call: ({ user }) => ['POST', `/admin/users/${user}/activate`] },
  {
    record: 'member_added',
    call: ({ team, user }) => ['POST', `/admin/teams/${team}/members`, { user_id: user }],
  },
  {
    record: 'member_removed',
    call: ({ team, user }) => ['DELETE', `/admin/teams/${team}/members/${user}`],
  },
  {
    record: 'client_created',
    call: ({ team }) => ['POST', '/admin/oauth-clients', { client_id: unique('recorded'), team_id: team }],
    makes: 'client',
  },
  {
    record: 'client_updated',
    call: ({ client }) => ['PATCH', `/admin/oauth-clients/${client}`, { is_active: false }],
  },
  { record: 'client_deleted', call: ({ client }) => ['DELETE', `/admin/oauth-clients/${client}`] },
  {
    record: 'policy_set',
    call: ({ user }) => ['POST', '/admin/label-policies', { user_identity: user, allowed_labels: ['*'] }],
  },
  { record: 'policy_removed', call: ({ user }) => ['DELETE', `/admin/label-policies/${user}`] },
  {
    record: 'provider_created',
    call: () => [
      'POST',
      '/admin/identity-providers',
      { name: 'Recorded', issuer: tenantIssuer().issuer, audiences: ['x'] },
    ],
    makes: 'provider',
  },
  {
    record: 'trust_rule_created',
    call: ({ provider, team }) => [
      'POST',
      '/admin/trust-rules',
      {
        name: 'Recorded',
        identity_provider_id: provider,
        team_id: team,
        conditions: [{ claim: 'sub', equals: 'system:serviceaccount:recorded:runner' }],
      },
    ],
    makes: 'rule',
  },
  {
    record: 'trust_rule_updated',
    call: ({ rule }) => ['PATCH', `/admin/trust-rules/${rule}`, { is_active: false }],
  },
  { record: 'trust_rule_deleted', call: ({ rule }) => ['DELETE', `/admin/trust-rules/${rule}`] },
  {
    record: 'provider_updated',
    call: ({ provider }) => ['PATCH', `/admin/identity-providers/${provider}`, { name: 'R' }],
  },
  { record: 'provider_deleted', call: ({ provider }) => ['DELETE', `/admin/identity-providers/${provider}`] },
  {
    record: 'batch_disable_users',
    call: ({ user }) => ['POST', '/admin/batch/disable-users', { comment, user_ids: [user] }],
  },
  {
    record: 'batch_restore_users',
    call: ({ user }) => ['POST', '/admin/batch/restore-users', { comment, user_ids: [user] }],
  },
  { record: 'provision_jit', call: jit, makes: 'runner' },
  { record: 'refresh', call: ({ runner }) => ['POST', `/runners/${runner}/refresh`] },
  { record: 'deprovision', call: ({ runner }) => ['DELETE', `/runners/${runner}`] },
  {
    record: 'provision',
    call: () => ['POST', '/runners/provision', { runner_name: unique('recorded') }],
    makes: 'runner',
  },
  { record: 'provision', call: ({ runner }) => ['POST', `/runners/${runner}/registration-token`] },
];

export type Refusal = {
  code: string;
  record: 'access_refused' | 'provision_refused';
  security: [type: string, severity: string];
  /** Somebody who has not been refused for this before: of many alike in a minute the first is recorded. */
  call: () => Promise<[method: string, path: string, token: string, body?: object]>;
};
const JIT = '/runners/jit';
const asked = () => ({ runner_name: unique('refused') });
const member = async (more: object = {}, rules: object = {}) =>
  (await newUser(unique('refused'), { team_ids: [await newTeam({ ...rules })], ...more })).token;

/** Every kind of refusal of somebody in particular. */
export const refusals: readonly Refusal[] = [
  {
    code: 'user-not-authorized',
    record: 'access_refused',
    security: ['unknown_user', 'medium'],
    call: async () => ['GET', '/auth/me', await mintPerson(unique('refused'))],
  },
  {
    code: 'user-deactivated',
    record: 'access_refused',
    security: ['user_deactivated', 'medium'],
    call: async () => {
      const { id, token } = await newUser(unique('refused'));
      await done('DELETE', `/admin/users/${id}`, { body: { comment } });
      await knownEverywhere();
      return ['GET', '/teams', token];
    },
  },
  {
    code: 'machine-client-refused',
    record: 'access_refused',
    security: ['machine_client_refused', 'medium'],
    call: async () => {
      const { id, token } = await newClient(await newTeam());
      await done('PATCH', `/admin/oauth-clients/${id}`, { body: { is_active: false } });
      await knownEverywhere();
      return ['POST', JIT, token, asked()];
    },
  },
  {
    code: 'admin-required',
    record: 'access_refused',
    security: ['admin_required', 'medium'],
    call: async () => ['GET', '/admin/users', await member()],
  },
  {
    code: 'label-not-permitted',
    record: 'provision_refused',
    security: ['label_policy_violation', 'high'],
    call: async () => ['POST', JIT, await member(), { ...asked(), labels: ['gpu'] }],
  },
  {
    code: 'runner-group-not-permitted',
    record: 'provision_refused',
    security: ['runner_group_refused', 'high'],
    call: async () => ['POST', JIT, await member(), { ...asked(), runner_group_id: 4711 }],
  },
  {
    code: 'team-deactivated',
    record: 'provision_refused',
    security: ['team_deactivated', 'medium'],
    call: async () => {
      const team = await newTeam();
      const { token } = await newUser(unique('refused'), { team_ids: [team] });
      await done('POST', `/admin/teams/${team}/deactivate`, { body: { reason: comment } });
      await knownEverywhere();
      return ['POST', JIT, token, asked()];
    },
  },
  {
    code: 'team-not-permitted',
    record: 'provision_refused',
    security: ['team_refused', 'high'],
    call: async () => ['POST', JIT, await member(), { ...asked(), team_id: teamIds().shop }],
  },
  {
    code: 'runner-quota-reached',
    record: 'provision_refused',
    security: ['quota_exceeded', 'medium'],
    call: async () => {
      const token = await member({}, { max_runners: 1 });
      await done('POST', JIT, { token, body: asked() });
      return ['POST', JIT, token, asked()];
    },
  },
  {
    code: 'jit-not-permitted',
    record: 'provision_refused',
    security: ['provisioning_method_refused', 'medium'],
    call: async () => ['POST', JIT, await member({ can_use_jit: false }), asked()],
  },
  {
    code: 'registration-token-not-permitted',
    record: 'provision_refused',
    security: ['provisioning_method_refused', 'medium'],
    call: async () => ['POST', '/runners/provision', await member(), asked()],
  },
];
