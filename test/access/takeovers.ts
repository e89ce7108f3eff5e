import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routeTable } from './route-table.js';
import { requestOf } from './routes.js';
import {
  COMMENT,
  call,
  done,
  emailOf,
  mint,
  newClient,
  newTeam,
  newUser,
  outcomeOf,
  system,
  teamIds,
  tenantIssuer,
  unique,
} from './tenants.js';

/** Who tries to be somebody else, or to stay who they no longer are. */
export const takeovers = () =>
  describe('taking over', () => {
    const victim = 'victim';
    let victimClient: string;
    let provider: string;
    beforeAll(async () => {
      await newUser(victim);
      ({ clientId: victimClient } = await newClient(await newTeam()));
      const body = {
        name: 'Tenant',
        issuer: tenantIssuer().issuer,
        audiences: ['runner-token-service'],
        email_domains: ['tenant.test'],
      };
      ({ id: provider } = await done<{ id: string }>('POST', '/admin/identity-providers', { body }));
    });
    afterAll(() => done('DELETE', `/admin/identity-providers/${provider}`));

    const me = async (token: string) => outcomeOf(await call('GET', '/auth/me', { token }));

    const attempts: Record<string, () => Promise<string>> = {
      'the same e-mail under another subject': () => mint('thief', { email: emailOf(victim) }),
      'the same e-mail in capitals': () => mint('thief', { email: emailOf(victim).toUpperCase() }),
      "the victim's e-mail told by a foreign issuer": () =>
        tenantIssuer().token({ sub: 'thief', email: emailOf(victim), email_verified: true }),
      "the administrator's subject of another issuer": () => tenantIssuer().token({ sub: 'admin' }),
      "a client's id of another issuer, as @clients": () =>
        tenantIssuer().token({ sub: `${victimClient}@clients` }),
    };
    it.each(Object.entries(attempts))('with %s fails', async (_, token) => {
      expect(await me(await token())).toBe('403 user-not-authorized');
    });

    it('a deactivated user is refused on every route within a second', async () => {
      const { id, token } = await newUser(unique('leaver'), { team_ids: [teamIds().payments] });
      const somebody = randomUUID();
      const made = { team: somebody, user: somebody, client: somebody, provider, rule: somebody };
      const asked = await Promise.all(
        routeTable
          .filter(({ route }) => !route.includes('/webhooks/'))
          .map(async (row) => ({ row, request: await requestOf(row, { ...made, operation: somebody }) })),
      );
      await done('DELETE', `/admin/users/${id}`, { body: { comment: COMMENT } });
      const deactivatedAt = performance.now();
      const admitted = await Promise.all(
        asked.map(async ({ row: { route }, request: { method, address, body } }) => {
          for (;;) {
            const sentAfterMs = performance.now() - deactivatedAt;
            const answer = await system().call(method, address, { token, body });
            if (outcomeOf(answer) === '403 user-deactivated') return [];
            if (sentAfterMs >= 1_000) return [`${route} ${outcomeOf(answer)}`];
          }
        }),
      );
      expect(admitted.flat()).toEqual([]);
    });
  });
