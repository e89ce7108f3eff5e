import { beforeAll, describe, expect, it } from '@jest/globals';
import { filesWith } from '../support/files-with.js';
import { until } from '../support/system.js';
import { call, done, newTeam, newUser, outcomeOf, type Provisioned, system, unique } from './tenants.js';

/** The same question twice is one runner. */
export const idempotency = () =>
  describe('an idempotency key', () => {
    let token: string;
    const secrets: string[] = [];
    beforeAll(async () => {
      const permissions = { can_use_registration_token: true };
      ({ token } = await newUser(unique('careful'), { team_ids: [await newTeam()], ...permissions }));
    });

    const ask = async (key: string, body: object, path = '/runners/jit', by = token) => {
      const headers = { 'idempotency-key': key };
      const answer = await call<Partial<Provisioned> & { registration_token?: string }>('POST', path, {
        token: by,
        body,
        headers,
      });
      const { encoded_jit_config, registration_token } = answer.body;
      secrets.push(...[encoded_jit_config, registration_token].filter((secret) => secret !== undefined));
      return answer;
    };
    const idAtGithub = async (name: string | undefined) => {
      type AtGithub = { runners: { id: number; name: string }[] };
      const { runners } = await system().simulator<AtGithub>('GET', '/state');
      return runners.find((runner) => runner.name === name)?.id;
    };

    it.each(['/runners/jit', '/runners/provision'])('gives the same answer of %s again', async (path) => {
      const [key, body] = [unique('key'), { runner_name_prefix: 'same' }];
      const first = await ask(key, body, path);
      const second = await ask(key, body, path);
      expect([outcomeOf(first), outcomeOf(second)]).toEqual(['201', '201']);
      expect(second.body).toEqual(first.body);
      expect([first, second].map(({ headers }) => headers.get('idempotent-replay'))).toEqual([null, 'true']);
      expect(second.headers.get('location')).toBe(`/api/v1/runners/${first.body.runner_id}`);
    });

    it('is for one body only', async () => {
      const key = unique('key');
      const first = await ask(key, { runner_name_prefix: 'one' });
      expect(outcomeOf(await ask(key, { runner_name_prefix: 'two' }))).toBe('422 idempotency-key-reused');
      const other = await ask(key, { runner_name_prefix: 'one' }, '/runners/provision');
      expect(outcomeOf(other)).toBe('422 idempotency-key-reused');
      expect((await ask(key, { runner_name_prefix: 'one' })).body).toEqual(first.body);
    });

    it("is the caller's own", async () => {
      const [key, body] = [unique('key'), { runner_name_prefix: 'mine' }];
      const other = await newUser(unique('careful'));
      const mine = await ask(key, body);
      const theirs = await ask(key, body, '/runners/jit', other.token);
      expect(outcomeOf(theirs)).toBe('201');
      expect(theirs.body.runner_id).not.toBe(mine.body.runner_id);
      expect(theirs.headers.get('idempotent-replay')).toBeNull();
    });

    it('is free again when the first call failed', async () => {
      const [key, body] = [unique('key'), { runner_name: unique('taken') }];
      const holder = await done<Provisioned>('POST', '/runners/jit', { token, body });
      expect(outcomeOf(await ask(key, body))).toBe('409 runner-name-taken');
      await done('DELETE', `/runners/${holder.runner_id}`, { token });
      expect(outcomeOf(await ask(key, body))).toBe('201');
    });

    it('has nothing to give once the config is used', async () => {
      const [key, body] = [unique('key'), { runner_name: unique('used') }];
      const { body: first } = await ask(key, body);
      const id = await idAtGithub(first.runner_name);
      await system().simulator('PATCH', `/runners/${id}`, { status: 'online' });
      await until('the runner is known to be online', async () => {
        const { body: shown } = await call('GET', `/runners/${first.runner_id}`, { token });
        return shown.state === 'idle' ? true : undefined;
      });
      const again = await ask(key, body);
      expect(outcomeOf(again)).toBe('409 jit-config-spent');
      expect(again.body).toMatchObject({ runner_id: first.runner_id });
    });

    it('keeps its answer sealed: no config and no token is in any file', () => {
      expect(secrets.length).toBeGreaterThan(5);
      expect(filesWith(system().dataDir, secrets, /^(simulator\.db|secrets|run\/dev\.json)/)).toEqual([]);
    });
  });
