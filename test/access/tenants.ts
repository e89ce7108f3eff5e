import { expect } from '@jest/globals';
import { startTestIssuer, type TestIssuer } from '#libs/testing';
import { type Answer, type System, startSystem } from '../support/system.js';

/** Everybody there is to a runner of team `payments`. */
export const callers = [
  'admin',
  'owner',
  'mate',
  'former',
  'outsider',
  'machine',
  'foreignMachine',
  'stranger',
  'deactivated',
  'nobody',
] as const;
export type CallerName = (typeof callers)[number];

export const COMMENT = 'Tried out in a test';

let running: System | undefined;
let secondIssuer: TestIssuer | undefined;
let tokens: Record<CallerName, string>;
let ids: { payments: string; shop: string; users: Record<string, string> };

const started = <T>(part: T | undefined): T => {
  if (!part) throw new Error('the system is not running');
  return part;
};

/** The system with two teams in it; one for all tests, as starting it takes longer than most of them. */
export const system = (): System => started(running);
/** An identity provider of a tenant's own, not registered. */
export const tenantIssuer = (): TestIssuer => started(secondIssuer);
export const tokenOf = (caller: CallerName): string => tokens[caller];
export const teamIds = (): { payments: string; shop: string } => ids;
export const userIdOf = (name: string): string => ids.users[name] ?? '';

export type CallOptions = { body?: unknown; token?: string; headers?: Record<string, string> };

/** By default the administrator's call. */
export const call = <Body = Record<string, unknown>>(
  method: string,
  path: string,
  { token = tokens.admin, ...options }: CallOptions = {},
): Promise<Answer<Body>> => system().call<Body>(method, `/api/v1${path}`, { token, ...options });

/** `201`, or `403 admin-required`. */
export const outcomeOf = ({ status, body }: Answer): string =>
  status < 400 ? String(status) : `${status} ${body.code}`;

/** A call that has to succeed. */
export const done = async <Body = Record<string, unknown>>(
  method: string,
  path: string,
  options?: CallOptions,
): Promise<Body> => {
  const answer = await call(method, path, options);
  expect({ call: `${method} ${path}`, outcome: outcomeOf(answer) }).toEqual({
    call: `${method} ${path}`,
    outcome: expect.stringMatching(/^2/),
  });
  return answer.body as Body;
};

/** A token of the environment's issuer; `extra` as the simulator takes it. */
export const mint = async (sub: string, extra: Record<string, unknown> = {}): Promise<string> =>
  (await system().simulator<{ access_token: string }>('POST', '/tokens', { sub, ...extra })).access_token;

export const mintPerson = (name: string): Promise<string> => mint(name, { email: emailOf(name) });
export const emailOf = (name: string): string => `${name}@example.test`;

let serial = 0;
/** A name nobody has had yet, fit for teams and runners. */
export const unique = (prefix: string): string => {
  serial += 1;
  return `${prefix}-${serial}`;
};

/** Resolves once every view holds what the administrator has written: from then on others are judged by it, too. */
export const knownEverywhere = async (): Promise<void> => {
  const views = ['/admin/teams', '/runners', '/audit-logs'];
  await Promise.all(views.map((view) => done('GET', `${view}?limit=1`)));
};

type Identified = { id: string };
export const newTeam = async (rules: Record<string, unknown> = {}): Promise<string> =>
  (await done<Identified>('POST', '/admin/teams', { body: { name: unique('team'), ...rules } })).id;

/** A user who has signed in. */
export const newUser = async (
  name: string,
  more: Record<string, unknown> = {},
): Promise<{ id: string; token: string }> => {
  const { id } = await done<Identified>('POST', '/admin/users', { body: { email: emailOf(name), ...more } });
  const token = await mintPerson(name);
  await knownEverywhere();
  await done('GET', '/auth/me', { token });
  return { id, token };
};

export const newClient = async (teamId: string, clientId = unique('pipeline')) => {
  const body = { client_id: clientId, team_id: teamId };
  const { id } = await done<Identified>('POST', '/admin/oauth-clients', { body });
  await knownEverywhere();
  return { id, clientId, token: await mint(clientId) };
};

export type Provisioned = {
  runner_id: string;
  runner_name: string;
  encoded_jit_config: string;
  labels: string[];
};
export const provision = (token: string, body: Record<string, unknown> = {}): Promise<Provisioned> =>
  done<Provisioned>('POST', '/runners/jit', {
    token,
    body: { runner_name: unique('runner'), ...body },
  });

export const startTenants = async (): Promise<void> => {
  running = await startSystem();
  secondIssuer = await startTestIssuer();
  tokens = { admin: running.development.admin_token } as typeof tokens;
  const [payments, shop] = await Promise.all([
    newTeam({ name: 'payments', optional_label_patterns: ['gpu'] }),
    newTeam({ name: 'shop' }),
  ]);
  const inPayments = { team_ids: [payments] };
  const [owner, mate, former, deactivated, outsider, machine, foreignMachine] = await Promise.all([
    newUser('owner', inPayments),
    newUser('mate', inPayments),
    newUser('former', inPayments),
    newUser('deactivated', inPayments),
    newUser('outsider', { team_ids: [shop] }),
    newClient(payments),
    newClient(shop),
  ]);
  await done('DELETE', `/admin/teams/${payments}/members/${former.id}`);
  await done('DELETE', `/admin/users/${deactivated.id}`, { body: { comment: COMMENT } });
  await knownEverywhere();

  const people = { owner, mate, former, deactivated, outsider };
  ids = {
    payments,
    shop,
    users: Object.fromEntries(Object.entries(people).map(([name, { id }]) => [name, id])),
  };
  tokens = {
    ...tokens,
    ...Object.fromEntries(Object.entries(people).map(([name, { token }]) => [name, token])),
    machine: machine.token,
    foreignMachine: foreignMachine.token,
    stranger: await mintPerson('stranger'),
    nobody: '',
  };
};

export const stopTenants = async (): Promise<void> => {
  await secondIssuer?.stop();
  await running?.stop();
};
