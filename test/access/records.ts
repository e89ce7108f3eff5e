import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, until } from '../support/system.js';
import { changes, type Made, refusals } from './record-table.js';
import {
  type CallOptions,
  call,
  done,
  emailOf,
  newTeam,
  newUser,
  outcomeOf,
  type Provisioned,
  provision,
  system,
  tenantIssuer,
  tokenOf,
  unique,
} from './tenants.js';

type AuditRecord = {
  position: string;
  event_type: string;
  user_identity: string;
  oidc_issuer?: string;
  oidc_sub?: string;
  team_id?: string;
  runner_id?: string;
  request_id: string;
  request_ip?: string;
  user_agent?: string;
  success: boolean;
  error_message?: string;
  event_data: { code?: string };
  timestamp: string;
};
type SecurityEvent = AuditRecord & { severity: string; action_taken?: string };
type Logs = { logs: AuditRecord[]; total: number };
type Events = { events: SecurityEvent[]; total: number };

const USER_AGENT = 'a-careful-caller/1.0';
const here = { request_ip: '127.0.0.1', user_agent: USER_AGENT };

const logs = (query: string, token = tokenOf('admin')) =>
  done<Logs>('GET', `/audit-logs?${query}`, { token });
const securityEvents = (query: string) => done<Events>('GET', `/admin/security-events?${query}`);

/** A call that can be told from all others in the records. */
const traced = async (method: string, path: string, options: CallOptions = {}) => {
  const requestId = `records-${randomUUID()}`;
  const headers = { 'x-request-id': requestId, 'user-agent': USER_AGENT };
  type Body = { id?: string; runner_id?: string; code?: string };
  const answer: Answer<Body> = await call(method, path, { ...options, headers });
  return { requestId, answer };
};
const recordOf = (eventType: string, requestId: string) =>
  until(`the record ${eventType} of ${requestId}`, async () =>
    (await logs(`event_type=${eventType}&limit=100`)).logs.find(({ request_id: id }) => id === requestId),
  );
const securityEventOf = (eventType: string, requestId: string) =>
  until(`the security event ${eventType} of ${requestId}`, async () => {
    const { events } = await securityEvents(`event_type=${eventType}&limit=100`);
    return events.find(({ request_id: id }) => id === requestId);
  });

/** Every change and every refusal leaves a record of who, from where and on which request. */
export const records = () =>
  describe('the audit', () => {
    const made: Made = {};
    const admin = { user_identity: '', oidc_sub: 'admin' };
    beforeAll(() => {
      admin.user_identity = `${system().development.issuer}|admin`;
    });

    it.each(changes.map((change) => [change.record, change] as const))('has %s', async (record, change) => {
      const [method, path, body] = change.call(made);
      const { requestId, answer } = await traced(method, path, { body });
      expect(outcomeOf(answer)).toMatch(/^2/);
      if (change.makes) made[change.makes] = answer.body.id ?? answer.body.runner_id ?? '';
      expect(await recordOf(record, requestId)).toMatchObject({ ...admin, ...here, success: true });
    });

    it.each(refusals.map((refusal) => [refusal.code, refusal] as const))(
      'has the refusal %s, also among the security events',
      async (code, { record, security: [type, severity], call: callOf }) => {
        const [method, path, token, body] = await callOf();
        const { requestId, answer } = await traced(method, path, { token, body });
        expect(answer.body.code).toBe(code);
        const shown = await recordOf(record, requestId);
        const oidc_sub = expect.stringMatching(/^(refused|pipeline)-\d+$/);
        expect(shown).toMatchObject({ ...here, oidc_sub, success: false, error_message: expect.any(String) });
        const event = await securityEventOf(type, requestId);
        const all = await logs(`user_identity=${encodeURIComponent(shown.user_identity)}&limit=1000`);
        expect(all.logs.filter(({ request_id: id }) => id === requestId)).toHaveLength(1);
        expect(event).toMatchObject({ ...here, oidc_sub, severity, action_taken: 'refused' });
      },
    );

    it('has what was refused to nobody in particular', async () => {
      const issuer = tenantIssuer();
      await done('POST', '/admin/identity-providers', {
        body: { name: 'Recorded again', issuer: issuer.issuer, audiences: ['another'] },
      });
      const tokens = {
        'token-missing': '',
        'token-invalid': await issuer.token(),
        'token-expired': await issuer.token({ exp: 1 }),
        'issuer-untrusted': await issuer.token({ iss: 'https://issuer.invalid' }),
      };
      for (const token of Object.values(tokens)) await call('GET', '/auth/me', { token });
      const refused = await until('all four are recorded', async () => {
        const { logs: found } = await logs('event_type=access_refused&limit=1000');
        const codes = new Set(found.map(({ event_data: { code } }) => code));
        return Object.keys(tokens).every((code) => codes.has(code)) ? found : undefined;
      });
      expect(refused.every(({ success, request_ip: ip }) => !success && ip === '127.0.0.1')).toBe(true);
    });

    it('knows of every record who and on which request, to the very first', async () => {
      const seen: AuditRecord[] = [];
      for (let before = ''; ; before = `&before=${seen.at(-1)?.position}`) {
        const { logs: page, total } = await logs(`limit=500${before}`);
        if (page.length === 0) {
          expect(seen.length).toBeGreaterThanOrEqual(total - 1);
          break;
        }
        seen.push(...page);
      }
      expect(new Set(seen.map(({ position, event_type }) => `${position} ${event_type}`)).size).toBe(
        seen.length,
      );
      const incomplete = seen.filter(
        ({ user_identity: who, request_id: request, oidc_sub: subject, ...circumstances }) =>
          !who || !request || (subject && !(circumstances.request_ip && circumstances.user_agent)),
      );
      expect(incomplete).toEqual([]);
      // e-mails are kept in one place, and shown as whose doing a record is
      expect(seen.filter(({ event_data: data }) => JSON.stringify(data).includes('@example.test'))).toEqual(
        [],
      );
    });

    describe('of one team', () => {
      const name = unique('watched');
      let team: string;
      let token: string;
      let since: string;
      let runner: Provisioned;
      beforeAll(async () => {
        team = await newTeam();
        ({ token } = await newUser(name, { team_ids: [team] }));
        since = new Date().toISOString();
        runner = await provision(token);
        const body = { runner_name: unique('watched'), labels: ['gpu'] };
        const { requestId } = await traced('POST', '/runners/jit', { token, body });
        await securityEventOf('label_policy_violation', requestId);
        await recordOf('provision_refused', requestId);
      });
      /** Without the sign-in, which is noted some time after the first answer. */
      const typesOf = async (query: string) =>
        (await logs(`${query}&limit=1000`)).logs
          .map(({ event_type: type }) => type)
          .filter((type) => type !== 'user_logged_in');
      const both = ['provision_refused', 'provision_jit'];

      const searches: Record<string, [() => string, string[]]> = {
        'team by id': [() => `team=${team}&since=${since}`, both],
        'person by e-mail': [() => `user_identity=${emailOf(name)}&since=${since}`, both],
        'person by issuer and subject': [
          () =>
            `user_identity=${encodeURIComponent(`${system().development.issuer}|${name}`)}&since=${since}`,
          both,
        ],
        runner: [() => `runner_id=${runner.runner_id}`, ['provision_jit']],
        words: [() => `q=${runner.runner_name}`, ['provision_jit']],
        'event type': [() => `event_type=provision&team=${team}`, ['provision_jit']],
        severity: [() => `severity=high&team=${team}`, ['provision_refused']],
        'time before': [() => `event_type=provision&team=${team}&until=${since}`, []],
        'time after': [() => `event_type=provision&team=${team}&since=2100-01-01T00:00:00Z`, []],
      };
      it.each(Object.entries(searches))('is found by %s', async (_, [query, expected]) => {
        expect(await typesOf(query())).toEqual(expected);
      });

      it('is found by name, and so are its security events', async () => {
        const { name: teamName } = await done<{ name: string }>('GET', `/teams/${team}`, { token });
        expect(await typesOf(`team=${teamName}&since=${since}`)).toEqual(both);
        const { events } = await securityEvents(`team=${teamName}&severity=high`);
        expect(events).toMatchObject([{ event_type: 'label_policy_violation', team_id: team }]);
        expect((await securityEvents(`team=${teamName}&severity=low`)).events).toEqual([]);
      });

      it('is all that its members are shown, beside what they did themselves', async () => {
        const shown = await logs('limit=1000', token);
        const others = shown.logs.filter(({ team_id, oidc_sub }) => team_id !== team && oidc_sub !== name);
        expect(others).toEqual([]);
        expect(shown.logs.length).toBeGreaterThan(1);
        for (const records of ['audit-logs', 'security-events']) {
          const path = `/teams/${team}/${records}?limit=1000`;
          const { logs: own, events: ownEvents } = await done<Partial<Logs & Events>>('GET', path, { token });
          const found = [...(own ?? []), ...(ownEvents ?? [])];
          expect(found.length).toBeGreaterThan(0);
          expect(found.every(({ team_id }) => team_id === team)).toBe(true);
        }
      });
    });

    it.each(['mate', 'outsider', 'machine', 'former'] as const)(
      'hides from %s what is not theirs',
      async (caller) => {
        const me = await done<{ oidc_sub: string; teams: { id: string }[] }>('GET', '/auth/me', {
          token: tokenOf(caller),
        });
        const own = me.teams.map(({ id }) => id);
        const { logs: shown, total } = await logs('limit=1000', tokenOf(caller));
        expect(total).toBeGreaterThan(0);
        const others = shown.filter(
          ({ team_id, oidc_sub }) => oidc_sub !== me.oidc_sub && !own.includes(team_id ?? ''),
        );
        // a runner without a team is its owner's: whatever happened to it is shown to them
        const runners = new Set(
          shown.filter(({ oidc_sub }) => oidc_sub === me.oidc_sub).map(({ runner_id }) => runner_id),
        );
        expect(others.filter(({ runner_id }) => !runner_id || !runners.has(runner_id))).toEqual([]);
      },
    );
  });
