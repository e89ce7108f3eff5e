import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CallOptions,
  call,
  done,
  emailOf,
  knownEverywhere,
  newTeam,
  newUser,
  outcomeOf,
  type Provisioned,
  provision,
  teamIds,
  unique,
} from './tenants.js';

type Checked = { allowed: boolean; labels: string[]; reasons: { code: string; detail: string }[] };
type Ask = { labels?: string[]; runner_group_id?: number };
type Case = [rule: string, team: Record<string, unknown>, ask: Ask, outcome: string, also: object];

const patterns = (...optional_label_patterns: string[]) => ({ optional_label_patterns });
const refusing = (...refused_labels: string[]) => ({ refused_labels });
const REFUSED = '403 label-not-permitted';
const linux = ['self-hosted', 'linux', 'x64'];

const table: readonly Case[] = [
  ['gpu permits gpu', patterns('gpu'), { labels: ['GPU'] }, '201', { labels: [...linux, 'gpu'] }],
  [
    'gpu does not permit gpu-prod-admin',
    patterns('gpu'),
    { labels: ['gpu', 'gpu-prod-admin'] },
    REFUSED,
    refusing('gpu-prod-admin'),
  ],
  ['a|b permits b', patterns('a|b'), { labels: ['b'] }, '201', { labels: [...linux, 'b'] }],
  ['a|b stays anchored', patterns('a|b'), { labels: ['ax', 'xb'] }, REFUSED, refusing('ax', 'xb')],
  [
    'self-hosted-production is no system label',
    {},
    { labels: ['self-hosted', 'self-hosted-production'] },
    REFUSED,
    refusing('self-hosted-production'),
  ],
  ['Linux is linux', {}, { labels: ['Linux', 'linux'] }, '201', { labels: linux }],
  [
    'ubuntu-22.04 is a label like any other',
    patterns('ubuntu-22\\.04'),
    { labels: ['ubuntu-22.04'] },
    '201',
    { labels: [...linux, 'ubuntu-22.04'] },
  ],
  ['app-é is no label', patterns('.*'), { labels: ['app-é'] }, '422 request-invalid', {}],
  ['no pattern, nothing extra', {}, { labels: ['gpu'] }, REFUSED, refusing('gpu')],
  [
    'required labels come before the requested ones',
    { required_labels: ['team-x'], ...patterns('gpu') },
    { labels: ['gpu'] },
    '201',
    { labels: [...linux, 'team-x', 'gpu'] },
  ],
  [
    'two operating systems exclude each other',
    {},
    { labels: ['windows', 'macos'] },
    '422 request-invalid',
    {},
  ],
  [
    'the runner group of others is refused',
    {},
    { runner_group_id: 4711 },
    '403 runner-group-not-permitted',
    { permitted: [1] },
  ],
];

/** What labels and groups are open to whom. */
export const policies = () =>
  describe('label policies', () => {
    let team: string;
    let token: string;
    beforeAll(async () => {
      team = await newTeam();
      ({ token } = await newUser(unique('labeller'), { team_ids: [team] }));
    });

    const setRules = async (rules: Record<string, unknown>) => {
      await done('PATCH', `/admin/teams/${team}`, {
        body: { required_labels: null, optional_label_patterns: null, runner_group_ids: null, ...rules },
      });
      await knownEverywhere();
    };
    const check = (ask: Ask, options: CallOptions = { token }) =>
      call<Checked>('POST', '/auth/check', { ...options, body: { runner_name: unique('checked'), ...ask } });

    it.each(table)('%s', async (_, rules, ask, outcome, also) => {
      await setRules(rules);
      const checked = await check(ask);
      const body = { runner_name: unique('labelled'), ...ask };
      const answer = await call('POST', '/runners/jit', { token, body });
      expect(outcomeOf(answer)).toBe(outcome);
      expect(answer.body).toMatchObject(also);
      const code = outcome.split(' ')[1];
      const foretold = checked.status === 200 ? checked.body.reasons.map((reason) => reason.code) : [code];
      expect(new Set(foretold)).toEqual(new Set(code === undefined ? [] : [code]));
    });

    it('a check tells every reason at once and does nothing', async () => {
      await setRules(patterns('gpu'));
      const { body } = await check({ labels: ['gpu', 'x', 'y'], runner_group_id: 4711 });
      expect(body).toMatchObject({
        allowed: false,
        labels: [...linux, 'gpu', 'x', 'y'],
        reasons: [
          { code: 'runner-group-not-permitted' },
          { code: 'label-not-permitted', detail: expect.stringContaining('x') },
          { code: 'label-not-permitted', detail: expect.stringContaining('y') },
        ],
      });
      const found = await done<{ total: number }>('GET', '/runners?q=checked', { token });
      expect(found.total).toBe(0);
    });

    it('(a+)+$ costs nothing measurable on a hostile label', async () => {
      const hostile = `${'a'.repeat(255)}b`;
      const median = async (pattern: string) => {
        await setRules(patterns(pattern));
        const times: number[] = [];
        for (let each = 0; each < 9; each++) {
          const startedAt = performance.now();
          const { body } = await check({ labels: [hostile] });
          times.push(performance.now() - startedAt);
          expect(body.allowed).toBe(false);
        }
        return times.sort((a, b) => a - b)[4] ?? 0;
      };
      const harmless = await median('gpu');
      expect(await median('(a+)+$')).toBeLessThan(2 * harmless + 20);
    });

    it.each([
      ['(?<=a)b', 'a look-around'],
      ['(a', 'an open bracket'],
      ['(a)\\1', 'a back-reference'],
    ])('the pattern %s is refused when it is saved', async (pattern) => {
      const answer = await call('PATCH', `/admin/teams/${team}`, { body: patterns(pattern) });
      expect(outcomeOf(answer)).toBe('422 pattern-invalid');
    });

    it("my-label-policy shows the team's rules and how much of the quota is used", async () => {
      const own = await newTeam({ required_labels: ['own'], ...patterns('gpu-.*'), max_runners: 4 });
      const user = await newUser(unique('reader'), { team_ids: [own] });
      await provision(user.token, { labels: ['gpu-a100'] });
      const { policies: shown } = await done<{ policies: unknown[] }>('GET', '/auth/my-label-policy', {
        token: user.token,
      });
      expect(shown).toMatchObject([
        {
          team_id: own,
          required_labels: ['own'],
          label_patterns: ['gpu-.*'],
          runner_group_ids: [1],
          quota: { limit: 4, in_use: 1 },
        },
      ]);
    });

    it('several teams: one has to be named, and only one of the own', async () => {
      const [first, second] = [await newTeam(), await newTeam()];
      const user = await newUser(unique('several'), { team_ids: [first, second] });
      const ask = (body: Record<string, unknown>) =>
        call('POST', '/runners/jit', {
          token: user.token,
          body: { runner_name: unique('several'), ...body },
        });
      expect(outcomeOf(await ask({}))).toBe('422 team-required');
      expect(outcomeOf(await ask({ team_id: second }))).toBe('201');
      expect(outcomeOf(await ask({ team_id: teamIds().shop }))).toBe('403 team-not-permitted');
    });

    it('a user without a team has a policy of their own, with wildcards and a quota', async () => {
      const name = unique('alone');
      const { token: alone } = await newUser(name);
      const ask = (...labels: string[]) =>
        call<Partial<Provisioned>>('POST', '/runners/jit', {
          token: alone,
          body: { runner_name: unique('alone'), labels },
        });
      await done('POST', '/admin/label-policies', {
        body: { user_identity: emailOf(name), allowed_labels: ['gpu-*', 'arm-board'], max_runners: 2 },
      });
      await knownEverywhere();
      expect(outcomeOf(await ask('gpu-a100', 'arm-board'))).toBe('201');
      expect(outcomeOf(await ask('gpu'))).toBe(REFUSED);
      expect(outcomeOf(await ask('arm-board-2'))).toBe(REFUSED);
      expect(outcomeOf(await ask('gpu-h100'))).toBe('201');
      const third = await ask('gpu-h100');
      expect(outcomeOf(third)).toBe('429 runner-quota-reached');
      expect(third.body).toMatchObject({ limit: 2, in_use: 2 });
    });
  });
