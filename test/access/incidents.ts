import { afterAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import {
  COMMENT,
  call,
  done,
  knownEverywhere,
  newClient,
  newTeam,
  newUser,
  outcomeOf,
  provision,
  system,
  tokenOf,
  unique,
} from './tenants.js';

type Operation = {
  operation_id: string;
  state: string;
  affected_count: number;
  failed_count: number;
  total: number;
  finished_at?: string;
};
type Counted = { total: number };
const comment = COMMENT;

const batch = (action: string, body: Record<string, unknown>) =>
  call<Operation>('POST', `/admin/batch/${action}`, { body: { comment, ...body } });

const untilCompleted = (operationId: string): Promise<Operation> =>
  until(
    `operation ${operationId} is completed`,
    async () => {
      const operation = await done<Operation>('GET', `/admin/operations/${operationId}`);
      return operation.state === 'completed' ? operation : undefined;
    },
    { withinMs: 90_000 },
  );

/** A batch of more than a hundred: accepted, and followed to its end. */
const runToTheEnd = async (action: string, body: Record<string, unknown>): Promise<Operation> => {
  const accepted = await batch(action, body);
  const { operation_id } = accepted.body;
  expect(accepted.status).toBe(202);
  expect(accepted.headers.get('location')).toBe(`/api/v1/admin/operations/${operation_id}`);
  return untilCompleted(operation_id);
};

const count = async (what: string, query: string): Promise<number> =>
  (await done<Counted>('GET', `/admin/${what}?limit=1&${query}`)).total;
const addTo = async (wanted: number, what: string, add: () => Promise<unknown>) => {
  const missing = wanted - (await count(what, 'is_active=true'));
  await Promise.all(Array.from({ length: Math.max(0, missing) }, add));
};

/** Cutting off a person, a pipeline, a team or everybody. They come last: little is left standing. */
export const incidents = () =>
  describe('incidents', () => {
    afterAll(() => system().simulator('DELETE', '/switches'));

    const stateOf = async (runnerId: string) =>
      (await done<{ state: string; deletion_reason?: string }>('GET', `/runners/${runnerId}`)).state;
    const untilState = (runnerId: string, state: string) =>
      until(`${runnerId} is ${state}`, async () => ((await stateOf(runnerId)) === state ? true : undefined));

    const setBusy = async (name: string, busy: boolean) => {
      type AtGithub = { runners: { id: number; name: string }[] };
      const { runners } = await system().simulator<AtGithub>('GET', '/state');
      const id = runners.find((runner) => runner.name === name)?.id;
      await system().simulator('PATCH', `/runners/${id}`, { status: 'online', busy });
    };

    it('deletes the runners of a team, one that works as soon as it has finished', async () => {
      const team = await newTeam();
      const { token } = await newUser(unique('worker'), { team_ids: [team] });
      const [busy, ...idle] = [await provision(token), await provision(token), await provision(token)];
      const other = await provision(tokenOf('outsider'));
      await setBusy(busy.runner_name, true);
      await untilState(busy.runner_id, 'busy');

      const { status, body } = await batch('delete-runners', { team_id: team });
      expect({ status, ...body }).toMatchObject({ status: 200, affected_count: 3, failed_count: 0 });
      for (const { runner_id } of idle) expect(await stateOf(runner_id)).toBe('deleted');
      expect(await stateOf(busy.runner_id)).toBe('deleting');
      expect(await stateOf(other.runner_id)).toBe('pending');

      await setBusy(busy.runner_name, false);
      await untilState(busy.runner_id, 'deleted');
    });

    it('cuts a team off together with its runners and its pipeline, and lets it in again', async () => {
      const team = await newTeam();
      const { token } = await newUser(unique('worker'), { team_ids: [team] });
      const pipeline = await newClient(team);
      const runners = await Promise.all([provision(token), provision(pipeline.token)]);
      const suspended = await done<{ is_active: boolean; operation_id: string }>(
        'POST',
        `/admin/teams/${team}/deactivate`,
        { body: { reason: comment, remove_runners: true } },
      );
      expect(suspended.is_active).toBe(false);
      expect(await untilCompleted(suspended.operation_id)).toMatchObject({ affected_count: 2, total: 2 });
      for (const { runner_id } of runners) {
        const shown = await done('GET', `/runners/${runner_id}`);
        expect(shown).toMatchObject({ state: 'deleted', deletion_reason: 'team-suspended' });
      }
      const ask = async (by: string) =>
        outcomeOf(await call('POST', '/runners/jit', { token: by, body: { runner_name: unique('late') } }));
      expect(await ask(token)).toBe('403 team-deactivated');
      expect(await ask(pipeline.token)).toBe('403 team-deactivated');

      await done('POST', `/admin/teams/${team}/reactivate`);
      await knownEverywhere();
      expect([await ask(token), await ask(pipeline.token)]).toEqual(['201', '201']);
    });

    it('252 active users, "disable all": none is left but administrators; "restore all" brings them back', async () => {
      const inactive = await count('users', 'is_active=false');
      const admins = await count('users', 'is_active=true&is_admin=true');
      await addTo(252, 'users', () =>
        done('POST', '/admin/users', { body: { email: `${unique('many')}@example.test` } }),
      );
      const users = await count('users', 'is_active=true&is_admin=false');
      expect(users + admins).toBeGreaterThanOrEqual(252);

      const dry = await batch('disable-users', { all: true, dry_run: true });
      expect({ status: dry.status, ...dry.body }).toMatchObject({ status: 200, affected_count: users });
      expect(await count('users', 'is_active=true&is_admin=false')).toBe(users);

      const disabled = await runToTheEnd('disable-users', { all: true });
      expect(disabled).toMatchObject({ affected_count: users, failed_count: 0, total: users });
      expect(disabled.finished_at).toBeDefined();
      expect(await count('users', 'is_active=true&is_admin=false')).toBe(0);
      expect(await count('users', 'is_active=true&is_admin=true')).toBe(admins);
      expect(outcomeOf(await call('GET', '/auth/me', { token: tokenOf('owner') }))).toBe(
        '403 user-deactivated',
      );

      const restored = await runToTheEnd('restore-users', { all: true });
      expect(restored).toMatchObject({ affected_count: users + inactive, failed_count: 0 });
      expect(await count('users', 'is_active=false')).toBe(0);
      expect(outcomeOf(await call('GET', '/auth/me', { token: tokenOf('owner') }))).toBe('200');
    });

    it('301 teams, "deactivate all": none is left; "reactivate all" brings them back', async () => {
      await addTo(301, 'teams', () => newTeam());
      const teams = await count('teams', 'is_active=true');
      expect(teams).toBeGreaterThanOrEqual(301);
      const inactive = await count('teams', 'is_active=false');

      const deactivated = await runToTheEnd('deactivate-teams', { all: true, remove_runners: true });
      expect(deactivated).toMatchObject({ affected_count: teams, failed_count: 0, total: teams });
      expect(await count('teams', 'is_active=true')).toBe(0);
      expect(outcomeOf(await call('GET', '/auth/me', { token: tokenOf('machine') }))).toBe(
        '403 team-deactivated',
      );

      const reactivated = await runToTheEnd('reactivate-teams', { all: true });
      expect(reactivated).toMatchObject({ affected_count: teams + inactive, failed_count: 0 });
      expect(await count('teams', 'is_active=false')).toBe(0);
      expect(outcomeOf(await call('GET', '/auth/me', { token: tokenOf('machine') }))).toBe('200');
    });

    it('a batch without targets, or with all and some, is refused', async () => {
      expect(outcomeOf(await batch('disable-users', {}))).toBe('422 request-invalid');
      expect(outcomeOf(await batch('disable-users', { user_ids: [] }))).toBe('422 request-invalid');
      const both = { all: true, team_ids: ['6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02'] };
      expect(outcomeOf(await batch('deactivate-teams', both))).toBe('422 request-invalid');
    });
  });
