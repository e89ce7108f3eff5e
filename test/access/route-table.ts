import {
  type CallerName,
  COMMENT,
  callers,
  done,
  newUser,
  provision,
  teamIds,
  tenantIssuer,
  tokenOf,
  unique,
  userIdOf,
} from './tenants.js';

type Outcomes = Record<CallerName, string>;
/** Ids that earlier rows left behind. */
export type Made = Record<string, string>;
export type RouteRequest = { params?: Record<string, string>; body?: unknown };
export type Row = {
  route: string;
  expected: Outcomes;
  /** Made anew for each caller. */
  request?: (made: Made) => RouteRequest | Promise<RouteRequest>;
  /** Name under which the id in the answer is left for later rows. */
  makes?: string;
};

const UNKNOWN: Partial<Outcomes> = {
  stranger: '403 user-not-authorized',
  deactivated: '403 user-deactivated',
  nobody: '401 token-missing',
};
const outcomes = (outcome: (caller: CallerName) => string): Outcomes =>
  Object.fromEntries(callers.map((caller) => [caller, UNKNOWN[caller] ?? outcome(caller)])) as Outcomes;

const everyone = (outcome: string) => outcomes(() => outcome);
/** Who belongs to team `payments` now, and administrators; for others it does not exist. */
const insiders = (outcome: string, hidden: string) =>
  outcomes((caller) => (['admin', 'owner', 'mate', 'machine'].includes(caller) ? outcome : `404 ${hidden}`));
const administrators = (outcome: string, refusal = 'admin-required') =>
  outcomes((caller) => (caller === 'admin' ? outcome : `403 ${refusal}`));
/** GitHub needs no token: whoever has no signature is not GitHub. */
const nobodyUnsigned = Object.fromEntries(
  callers.map((caller) => [caller, '401 webhook-signature-invalid']),
) as Outcomes;

/** Its owner has seen it, so everybody may. */
const runnerOfPayments = async (): Promise<RouteRequest> => {
  const token = tokenOf('owner');
  const { runner_id: runner } = await provision(token);
  await done('GET', `/runners/${runner}`, { token });
  return { params: { runner } };
};
/** Of those who belong to the team only this one may have registration tokens. */
let tokenHolder: Promise<{ token: string }> | undefined;
const tokenRunnerOfPayments = async (): Promise<RouteRequest> => {
  tokenHolder ??= newUser(unique('token-holder'), {
    team_ids: [teamIds().payments],
    can_use_registration_token: true,
  });
  const { token } = await tokenHolder;
  const body = { runner_name: unique('walked') };
  const { runner_id: runner } = await done<{ runner_id: string }>('POST', '/runners/provision', {
    token,
    body,
  });
  return { params: { runner } };
};
const ofPayments = (): RouteRequest => ({ params: { team_id: teamIds().payments } });
const comment = COMMENT;

/** Every route of the API, in an order in which later rows may use what earlier ones made. */
export const routeTable: readonly Row[] = [
  { route: 'GET /api/v1/auth/me', expected: everyone('200') },
  { route: 'GET /api/v1/auth/my-label-policy', expected: everyone('200') },
  {
    route: 'POST /api/v1/auth/check',
    expected: everyone('200'),
    request: () => ({ body: { runner_name_prefix: 'checked' } }),
  },

  {
    route: 'POST /api/v1/runners/jit',
    expected: everyone('201'),
    request: () => ({ body: { runner_name: unique('walked') } }),
  },
  {
    route: 'POST /api/v1/runners/provision',
    expected: administrators('201', 'registration-token-not-permitted'),
    request: () => ({ body: { runner_name: unique('walked') } }),
  },
  { route: 'GET /api/v1/runners', expected: everyone('200') },
  { route: 'GET /api/v1/runners/events', expected: everyone('200') },
  {
    route: 'GET /api/v1/runners/{runner}',
    expected: insiders('200', 'runner-unknown'),
    request: runnerOfPayments,
  },
  {
    route: 'POST /api/v1/runners/{runner}/refresh',
    expected: insiders('200', 'runner-unknown'),
    request: runnerOfPayments,
  },
  {
    route: 'POST /api/v1/runners/{runner}/registration-token',
    expected: {
      ...insiders('403 registration-token-not-permitted', 'runner-unknown'),
      admin: '200',
    },
    request: tokenRunnerOfPayments,
  },
  {
    route: 'DELETE /api/v1/runners/{runner}',
    expected: insiders('200', 'runner-unknown'),
    request: runnerOfPayments,
  },

  { route: 'GET /api/v1/teams', expected: everyone('200') },
  { route: 'GET /api/v1/teams/{team_id}', expected: insiders('200', 'team-unknown'), request: ofPayments },
  {
    route: 'GET /api/v1/teams/{team_id}/members',
    expected: insiders('200', 'team-unknown'),
    request: ofPayments,
  },
  {
    route: 'GET /api/v1/teams/{team_id}/audit-logs',
    expected: insiders('200', 'team-unknown'),
    request: ofPayments,
  },
  {
    route: 'GET /api/v1/teams/{team_id}/security-events',
    expected: insiders('200', 'team-unknown'),
    request: ofPayments,
  },
  { route: 'GET /api/v1/audit-logs', expected: everyone('200') },
  { route: 'GET /api/v1/admin/security-events', expected: administrators('200') },

  {
    route: 'POST /api/v1/admin/teams',
    expected: administrators('201'),
    request: () => ({ body: { name: unique('walked') } }),
    makes: 'team',
  },
  { route: 'GET /api/v1/admin/teams', expected: administrators('200') },
  ...['GET', 'PATCH'].map((method) => ({
    route: `${method} /api/v1/admin/teams/{team_id}`,
    expected: administrators('200'),
    request: ({ team = '' }: Made) => ({
      params: { team_id: team },
      ...(method === 'PATCH' ? { body: { max_runners: 5 } } : {}),
    }),
  })),
  {
    route: 'POST /api/v1/admin/teams/{team_id}/deactivate',
    expected: administrators('200'),
    request: ({ team = '' }) => ({ params: { team_id: team }, body: { reason: 'It was only walked over' } }),
  },
  {
    route: 'POST /api/v1/admin/teams/{team_id}/reactivate',
    expected: administrators('200'),
    request: ({ team = '' }) => ({ params: { team_id: team } }),
  },

  {
    route: 'POST /api/v1/admin/users',
    expected: administrators('201'),
    request: () => ({ body: { email: `${unique('walked')}@example.test` } }),
    makes: 'user',
  },
  { route: 'GET /api/v1/admin/users', expected: administrators('200') },
  ...Object.entries({
    GET: undefined,
    PATCH: { display_name: 'Walked' },
    PUT: { display_name: 'Walked Over' },
    DELETE: { comment },
  }).map(([method, body]) => ({
    route: `${method} /api/v1/admin/users/{user_id}`,
    expected: administrators('200'),
    request: ({ user = '' }: Made) => ({ params: { user_id: user }, body }),
  })),
  {
    route: 'POST /api/v1/admin/users/{user_id}/activate',
    expected: administrators('200'),
    request: ({ user = '' }) => ({ params: { user_id: user } }),
  },

  {
    route: 'POST /api/v1/admin/teams/{team_id}/members',
    expected: administrators('201'),
    request: ({ team = '', user = '' }) => ({ params: { team_id: team }, body: { user_id: user } }),
  },
  {
    route: 'GET /api/v1/admin/teams/{team_id}/members',
    expected: administrators('200'),
    request: ({ team = '' }) => ({ params: { team_id: team } }),
  },
  {
    route: 'DELETE /api/v1/admin/teams/{team_id}/members/{user_id}',
    expected: administrators('204'),
    request: ({ team = '', user = '' }) => ({ params: { team_id: team, user_id: user } }),
  },

  {
    route: 'POST /api/v1/admin/oauth-clients',
    expected: administrators('201'),
    request: ({ team = '' }) => ({ body: { client_id: unique('walked'), team_id: team } }),
    makes: 'client',
  },
  { route: 'GET /api/v1/admin/oauth-clients', expected: administrators('200') },
  ...Object.entries({ GET: undefined, PATCH: { description: 'Walked' } }).map(([method, body]) => ({
    route: `${method} /api/v1/admin/oauth-clients/{id}`,
    expected: administrators('200'),
    request: ({ client = '' }: Made) => ({ params: { id: client }, body }),
  })),
  {
    route: 'DELETE /api/v1/admin/oauth-clients/{id}',
    expected: administrators('204'),
    request: ({ client = '' }) => ({ params: { id: client } }),
  },

  {
    route: 'POST /api/v1/admin/label-policies',
    expected: administrators('201'),
    request: ({ user = '' }) => ({ body: { user_identity: user, allowed_labels: ['gpu'] } }),
  },
  { route: 'GET /api/v1/admin/label-policies', expected: administrators('200') },
  {
    route: 'GET /api/v1/admin/label-policies/{user_identity}',
    expected: administrators('200'),
    request: ({ user = '' }) => ({ params: { user_identity: user } }),
  },
  {
    route: 'DELETE /api/v1/admin/label-policies/{user_identity}',
    expected: administrators('204'),
    request: ({ user = '' }) => ({ params: { user_identity: user } }),
  },

  {
    route: 'POST /api/v1/admin/identity-providers',
    expected: administrators('201'),
    request: () => ({
      body: { name: 'Walked', issuer: tenantIssuer().issuer, audiences: ['runner-token-service'] },
    }),
    makes: 'provider',
  },
  { route: 'GET /api/v1/admin/identity-providers', expected: administrators('200') },
  ...Object.entries({ GET: undefined, PATCH: { name: 'Walked over' } }).map(([method, body]) => ({
    route: `${method} /api/v1/admin/identity-providers/{id}`,
    expected: administrators('200'),
    request: ({ provider = '' }: Made) => ({ params: { id: provider }, body }),
  })),
  {
    route: 'POST /api/v1/admin/trust-rules',
    expected: administrators('201'),
    request: ({ provider = '', team = '' }) => ({
      body: {
        name: 'Walked',
        identity_provider_id: provider,
        team_id: team,
        conditions: [{ claim: 'sub', equals: 'system:serviceaccount:walked:runner' }],
      },
    }),
    makes: 'rule',
  },
  { route: 'GET /api/v1/admin/trust-rules', expected: administrators('200') },
  ...Object.entries({ GET: undefined, PATCH: { name: 'Walked over' } }).map(([method, body]) => ({
    route: `${method} /api/v1/admin/trust-rules/{id}`,
    expected: administrators('200'),
    request: ({ rule = '' }: Made) => ({ params: { id: rule }, body }),
  })),
  {
    route: 'POST /api/v1/admin/trust-rules/{id}/test',
    expected: administrators('200'),
    request: async ({ rule = '' }) => ({
      params: { id: rule },
      body: { token: await tenantIssuer().token() },
    }),
  },
  {
    route: 'DELETE /api/v1/admin/trust-rules/{id}',
    expected: administrators('204'),
    request: ({ rule = '' }) => ({ params: { id: rule } }),
  },
  {
    route: 'DELETE /api/v1/admin/identity-providers/{id}',
    expected: administrators('204'),
    request: ({ provider = '' }) => ({ params: { id: provider } }),
  },

  ...['disable-users', 'restore-users'].map((action) => ({
    route: `POST /api/v1/admin/batch/${action}`,
    expected: administrators('200'),
    request: ({ user = '' }: Made) => ({ body: { comment, user_ids: [user] } }),
    makes: 'operation',
  })),
  ...['deactivate-teams', 'reactivate-teams'].map((action) => ({
    route: `POST /api/v1/admin/batch/${action}`,
    expected: administrators('200'),
    request: ({ team = '' }: Made) => ({ body: { comment, team_ids: [team] } }),
    makes: 'operation',
  })),
  {
    route: 'POST /api/v1/admin/batch/delete-runners',
    expected: administrators('200'),
    request: () => ({ body: { comment, user_identity: userIdOf('former'), dry_run: true } }),
  },
  {
    route: 'GET /api/v1/admin/operations/{id}',
    expected: administrators('200'),
    request: ({ operation = '' }) => ({ params: { id: operation } }),
  },

  { route: 'GET /api/v1/admin/sync/status', expected: administrators('200') },
  { route: 'GET /api/v1/admin/stats', expected: administrators('200') },
  { route: 'POST /api/v1/admin/sync/trigger', expected: administrators('202') },

  { route: 'POST /webhooks/github', expected: nobodyUnsigned, request: () => ({ body: {} }) },
  { route: 'POST /api/v1/webhooks/github', expected: nobodyUnsigned, request: () => ({ body: {} }) },
];
