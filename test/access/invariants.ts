import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, until } from '../support/system.js';
import {
  COMMENT,
  call,
  done,
  emailOf,
  knownEverywhere,
  mintPerson,
  newTeam,
  outcomeOf,
  tokenOf,
  unique,
} from './tenants.js';

type Batch = { success: boolean; failed_count: number; details: { code?: string }[] };
const comment = COMMENT;

/** Every way to stop being an administrator, each by itself. */
const ways: Record<string, (id: string, token: string) => Promise<Answer>> = {
  'PATCH is_admin': (id, token) => call('PATCH', `/admin/users/${id}`, { token, body: { is_admin: false } }),
  'PATCH is_active': (id, token) =>
    call('PATCH', `/admin/users/${id}`, { token, body: { is_active: false, comment } }),
  'PUT without is_admin': (id, token) =>
    call('PUT', `/admin/users/${id}`, { token, body: { display_name: 'Nobody special' } }),
  'PUT is_active': (id, token) =>
    call('PUT', `/admin/users/${id}`, { token, body: { is_admin: true, is_active: false, comment } }),
  DELETE: (id, token) => call('DELETE', `/admin/users/${id}`, { token, body: { comment } }),
  'batch disable-users': async (id, token) => {
    const body = { comment, user_ids: [id] };
    const answer = await call<Batch>('POST', '/admin/batch/disable-users', { token, body });
    const code = answer.body.details?.[0]?.code;
    return code === undefined ? answer : { ...answer, status: 409, body: { code } };
  },
};

/** What stays true whoever does what at the same time. */
export const invariants = () => {
  describe('the last administrator', () => {
    const first = { id: '', token: '' };
    const second = { id: '', token: '' };
    beforeAll(async () => {
      first.token = tokenOf('admin');
      first.id = (await done<{ user_id: string }>('GET', '/auth/me')).user_id;
      const name = unique('second-admin');
      const body = { email: emailOf(name), is_admin: true };
      second.id = (await done<{ id: string }>('POST', '/admin/users', { body })).id;
      second.token = await mintPerson(name);
      await knownEverywhere();
      await done('GET', '/auth/me', { token: second.token });
    });

    const admins = async (token: string) => {
      const query = '/admin/users?is_admin=true&is_active=true';
      const answer = await call<{ users: { id: string }[] }>('GET', query, { token });
      return answer.status === 200 ? answer.body.users.map(({ id }) => id) : undefined;
    };
    /** Whoever was removed learns of it from the other one's write, and from their own at once. */
    const untilOneIsLeft = () =>
      until('exactly one administrator is left', async () => {
        const left = (await admins(first.token)) ?? (await admins(second.token));
        return left?.length === 1 ? left : undefined;
      });
    /** Both are what they were, by the hand of whoever still is an administrator: a PUT took more than that away. */
    const restore = async () => {
      const survivor = (await admins(first.token)) ? first : second;
      for (const { id } of [first, second]) {
        await done('PATCH', `/admin/users/${id}`, {
          token: survivor.token,
          body: { is_active: true, is_admin: true, can_use_registration_token: true },
        });
      }
    };

    it.each(Object.entries(ways))('two who remove each other at once by %s leave one', async (_, remove) => {
      const outcomes = await Promise.all([remove(second.id, first.token), remove(first.id, second.token)]);
      await untilOneIsLeft();
      expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(1);
      await restore();
    });

    it.each(Object.entries(ways))('stays, by %s', async (_, remove) => {
      const by = 'PATCH is_admin';
      expect(outcomeOf(await (ways[by] as (typeof ways)[string])(second.id, first.token))).toBe('200');
      expect(outcomeOf(await remove(first.id, first.token))).toBe('409 last-admin');
      expect(await admins(first.token)).toEqual([first.id]);
      await restore();
    });

    it('stays when everybody is disabled, administrators too', async () => {
      const body = { comment, user_ids: [first.id, second.id] };
      const answer = await call<Batch>('POST', '/admin/batch/disable-users', { token: first.token, body });
      expect(answer.body).toMatchObject({ success: false, failed_count: 1 });
      await untilOneIsLeft();
      await restore();
      await done('PATCH', `/admin/users/${second.id}`, { body: { is_admin: false } });
    });
  });

  describe('two active machine clients of one team', () => {
    const register = (team_id: string) =>
      call<{ id: string; code?: string }>('POST', '/admin/oauth-clients', {
        body: { client_id: unique('client'), team_id },
      });
    const activate = (id: string, is_active: boolean) =>
      call('PATCH', `/admin/oauth-clients/${id}`, { body: { is_active } });
    const activeOf = async (team: string) =>
      (await done<{ total: number }>('GET', `/admin/oauth-clients?team_id=${team}&is_active=true`)).total;

    it('cannot be registered, one after the other or at once', async () => {
      const team = await newTeam();
      const outcomes = (await Promise.all(Array.from({ length: 8 }, () => register(team)))).map(outcomeOf);
      expect(outcomes.sort()).toEqual(['201', ...Array(7).fill('409 already-exists')]);
      expect(outcomeOf(await register(team))).toBe('409 already-exists');
      expect(await activeOf(team)).toBe(1);
    });

    it('cannot come about by activating one again', async () => {
      const team = await newTeam();
      const old = (await register(team)).body.id;
      expect(outcomeOf(await activate(old, false))).toBe('200');
      const young = (await register(team)).body.id;
      expect(outcomeOf(await activate(old, true))).toBe('409 already-exists');
      expect(outcomeOf(await activate(young, false))).toBe('200');
      const outcomes = await Promise.all([activate(old, true), activate(young, true)]);
      expect(outcomes.map(outcomeOf).sort()).toEqual(['200', '409 already-exists']);
      expect(await activeOf(team)).toBe(1);
    });

    it('cannot come about by removing one and the team coming back', async () => {
      const team = await newTeam();
      const { id } = (await register(team)).body;
      await done('POST', `/admin/teams/${team}/deactivate`, { body: { reason: COMMENT } });
      expect(outcomeOf(await register(team))).toBe('403 team-deactivated');
      await done('POST', `/admin/teams/${team}/reactivate`);
      expect(await activeOf(team)).toBe(1);
      await done('DELETE', `/admin/oauth-clients/${id}`);
      expect(outcomeOf(await register(team))).toBe('201');
      expect(await activeOf(team)).toBe(1);
    });
  });
};
