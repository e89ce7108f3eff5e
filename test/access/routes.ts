import { describe, expect, it } from '@jest/globals';
import { until } from '../support/system.js';
import { type Made, type RouteRequest, type Row, routeTable } from './route-table.js';
import { type CallerName, call, callers, done, outcomeOf, provision, system, tokenOf } from './tenants.js';

const addressOf = (path: string, { params = {} }: RouteRequest): string =>
  path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(params[name] ?? ''));

/** What is sent for a row of the table. */
export const requestOf = async ({ route, request }: Row, made: Made) => {
  const [method = '', path = ''] = route.split(' ');
  const asked = (await request?.(made)) ?? {};
  return { method, address: addressOf(path, asked), body: asked.body };
};

const ask = async (row: Row, caller: CallerName, made: Made) => {
  const { method, address, body } = await requestOf(row, made);
  return system().call(method, address, { body, token: tokenOf(caller) });
};

type Listed = { runners: { runner_name: string }[] };

/** Who may call what, and who may see what. */
export const routes = () =>
  describe('every route, called by everybody', () => {
    const made: Made = {};

    it('is in the table', async () => {
      type Document = { paths: Record<string, Record<string, unknown>> };
      const { body } = await system().call<Document>('GET', '/openapi.json', { token: '' });
      const described = Object.entries(body.paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(routeTable.map(({ route }) => route).sort()).toEqual(described.sort());
    });

    it.each(routeTable.map((row) => [row.route, row] as const))('%s', async (_, row) => {
      const refused = callers.filter((caller) => row.expected[caller].startsWith('4'));
      const admitted = callers.filter((caller) => !refused.includes(caller));
      const got = new Map<CallerName, string>();
      await Promise.all(
        refused.map(async (caller) => got.set(caller, outcomeOf(await ask(row, caller, made)))),
      );
      for (const caller of admitted) {
        const answer = await ask(row, caller, made);
        got.set(caller, outcomeOf(answer));
        if (row.makes) made[row.makes] = String(answer.body.id ?? answer.body.operation_id);
      }
      expect(Object.fromEntries(got)).toEqual(row.expected);
    });

    it('GET /api/v1/runners shows everybody what is theirs', async () => {
      const [ofTeam, withoutTeam, foreign] = await Promise.all([
        provision(tokenOf('owner')),
        provision(tokenOf('former')),
        provision(tokenOf('foreignMachine')),
      ]);
      const names = { ofTeam, withoutTeam, foreign };
      const seenBy = async (caller: CallerName) => {
        const { runners } = await done<Listed>('GET', '/runners?limit=1000', { token: tokenOf(caller) });
        const seen = new Set(runners.map(({ runner_name }) => runner_name));
        return Object.entries(names).flatMap(([name, { runner_name }]) =>
          seen.has(runner_name) ? [name] : [],
        );
      };
      const known = callers.filter((caller) => !['stranger', 'deactivated', 'nobody'].includes(caller));
      // whoever wrote sees it at once, everybody else as soon as the rows hold it
      await until('the rows hold all three', async () =>
        (await seenBy('admin')).length === 3 ? true : undefined,
      );
      const seen = await Promise.all(known.map(async (caller) => [caller, await seenBy(caller)] as const));
      expect(Object.fromEntries(seen)).toEqual({
        admin: ['ofTeam', 'withoutTeam', 'foreign'],
        owner: ['ofTeam'],
        mate: ['ofTeam'],
        machine: ['ofTeam'],
        former: ['withoutTeam'],
        outsider: ['foreign'],
        foreignMachine: ['foreign'],
      });
    });

    it('a runner of another team is not found by its name either', async () => {
      const { runner_name } = await provision(tokenOf('owner'));
      for (const caller of ['former', 'outsider', 'foreignMachine'] as const)
        for (const method of ['GET', 'DELETE'])
          expect(outcomeOf(await call(method, `/runners/${runner_name}`, { token: tokenOf(caller) }))).toBe(
            '404 runner-unknown',
          );
    });
  });
