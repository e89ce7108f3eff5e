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

const STRANGER = '403 user-not-authorized';

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
    const invite = (email: string) => done('POST', '/admin/users', { body: { email } });
    const foreign = (claims: object, options?: object) => tenantIssuer().token({ ...claims }, { ...options });

    const attempts: Record<string, [expected: string, token: () => Promise<string>]> = {
      'the same e-mail under another subject': [STRANGER, () => mint('thief', { email: emailOf(victim) })],
      'the same e-mail in capitals': [STRANGER, () => mint('thief', { email: 'VICTIM@example.test' })],
      'the same subject of another issuer': [STRANGER, () => foreign({ sub: victim })],
      "the administrator's subject of another issuer": [STRANGER, () => foreign({ sub: 'admin' })],
      "a client's id of another issuer": [STRANGER, () => foreign({ sub: victimClient })],
      "a client's id of another issuer, as @clients": [
        STRANGER,
        () => foreign({ sub: `${victimClient}@clients`, azp: victimClient, client_id: victimClient }),
      ],
      "the victim's e-mail told by a foreign issuer": [
        STRANGER,
        () => foreign({ sub: 'thief', email: emailOf(victim), email_verified: true }),
      ],
      'a key of somebody else': ['401 token-invalid', () => foreign({}, { foreignKey: true })],
      'a public key as a shared secret': ['401 token-invalid', () => tenantIssuer().confusedToken()],
      'a token for somebody else': ['401 token-invalid', () => foreign({ aud: 'another-service' })],
      'a token of yesterday': ['401 token-expired', () => foreign({ exp: 1_700_000_000 })],
      'an issuer nobody has registered': [
        '401 issuer-untrusted',
        () => foreign({ iss: 'https://issuer.invalid' }),
      ],
    };
    it.each(Object.entries(attempts))('with %s fails', async (_, [expected, token]) => {
      expect(await me(await token())).toBe(expected);
    });

    it('an unverified e-mail names nobody; the verified one does, once', async () => {
      const name = unique('invited');
      await invite(emailOf(name));
      const email = emailOf(name);
      expect(await me(await mint('thief', { email, email_verified: false }))).toBe(STRANGER);
      expect(await me(await mint(name, { email }))).toBe('200');
      expect(await me(await mint('thief', { email }))).toBe(STRANGER);
    });

    it('an issuer speaks for the e-mails of its domains only', async () => {
      const names = [unique('guest'), unique('guest')];
      const [within = '', outside = ''] = [`${names[0]}@tenant.test`, `${names[1]}@tenant.test.example`];
      await Promise.all([invite(within), invite(outside)]);
      const claims = { email_verified: true };
      expect(await me(await foreign({ ...claims, sub: outside, email: outside }))).toBe(STRANGER);
      expect(await me(await foreign({ ...claims, sub: within, email: within }))).toBe('200');
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
