import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import {
  type ChangeIdentityProviderRequest,
  type RegisterIdentityProviderRequest,
  registerIdentityProviderSchema,
} from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import {
  askedBy,
  callerNamed,
  codeOf,
  ISSUER,
  ROOT,
  type TenancyReplica,
  tenancyReplica,
} from '../testing/tenancy.js';
import { ChangeIdentityProviderHandler } from './change-identity-provider.handler.js';
import { GetIdentityProviderHandler } from './get-identity-provider.query.js';
import {
  AskTrustedIssuers,
  ChangeIdentityProvider,
  GetIdentityProvider,
  ListIdentityProviders,
  RegisterIdentityProvider,
  RemoveIdentityProvider,
} from './identity-provider.messages.js';
import { IdentityProviders } from './identity-providers.js';
import { ListIdentityProvidersHandler } from './list-identity-providers.query.js';
import { RegisterIdentityProviderHandler } from './register-identity-provider.handler.js';
import { RemoveIdentityProviderHandler } from './remove-identity-provider.handler.js';
import { TrustedIssuersHandler } from './trusted-issuers.query.js';

const PARTNER = 'https://partner.example';

onEachDatabase('identity providers', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  let providers: IdentityProviders;
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
    providers = new IdentityProviders(fresh.store, fresh.claims, fresh.admins, ISSUER, false);
  });

  const register = async (body: Partial<RegisterIdentityProviderRequest> = {}, caller = ROOT) => {
    const { tenancy, view } = replica;
    const request = registerIdentityProviderSchema.parse({
      identityProviderId: randomUUID(),
      name: 'Partner',
      issuer: PARTNER,
      audiences: ['rts'],
      ...body,
    });
    const question = new RegisterIdentityProvider(askedBy(caller, request));
    return new RegisterIdentityProviderHandler(tenancy, providers, view).execute(question);
  };
  const change = (
    identityProviderId: string,
    patch: Omit<ChangeIdentityProviderRequest, 'identityProviderId'>,
    caller = ROOT,
  ) =>
    new ChangeIdentityProviderHandler(replica.tenancy, providers, replica.view).execute(
      new ChangeIdentityProvider(askedBy(caller, { identityProviderId, ...patch })),
    );
  const remove = (identityProviderId: string, caller = ROOT) =>
    new RemoveIdentityProviderHandler(replica.tenancy, providers, replica.view).execute(
      new RemoveIdentityProvider(askedBy(caller, { identityProviderId })),
    );
  const get = (identityProviderId: string, caller = ROOT) =>
    new GetIdentityProviderHandler(replica.tenancy, replica.view).execute(
      new GetIdentityProvider(askedBy(caller, { identityProviderId })),
    );
  const list = (page: { limit?: number; offset?: number; sort?: string } = {}, caller = ROOT) =>
    new ListIdentityProvidersHandler(replica.tenancy, replica.view).execute(
      new ListIdentityProviders(askedBy(caller, { limit: 50, offset: 0, sort: '-created_at', ...page })),
    );
  const trusted = (caller?: typeof ROOT) => {
    const context = { requestId: 'gateway', ...(caller ? { caller } : {}) };
    return new TrustedIssuersHandler(replica.view).execute(new AskTrustedIssuers({ body: {}, context }));
  };
  const fieldsOf = (attempt: Promise<unknown>) =>
    attempt.then(
      () => [],
      ({ members }) => members.errors.map(({ field }: { field: string }) => field),
    );

  describe('are registered', () => {
    test('with their rules, and shown with who did it', async () => {
      const { identityProvider, position } = await register({
        jwksUrl: 'https://partner.example/keys?policy=x',
        emailDomains: ['Partner.Example', 'partner.example'],
        claims: { clientId: 'azp' },
      });
      expect(position).toMatch(/^\d+$/);
      expect(identityProvider).toMatchObject({
        name: 'Partner',
        issuer: PARTNER,
        audiences: ['rts'],
        jwksUrl: 'https://partner.example/keys?policy=x',
        algorithms: ['RS256'],
        emailDomains: ['partner.example'],
        claims: { clientId: 'azp' },
        isActive: true,
        createdBy: `${ISSUER}|root`,
      });
      expect((await get(identityProvider.id)).identityProvider).toEqual(identityProvider);
      expect(await list()).toEqual({ identityProviders: [identityProvider], total: 1, fresh: true });
    });

    test('and are listed in the order one asks for', async () => {
      const issuers = ['https://b.example', 'https://a.example', 'https://c.example'];
      for (const [at, issuer] of issuers.entries()) await register({ issuer, name: `Partner ${3 - at}` });
      const listed = async (sort: string) =>
        (await list({ sort })).identityProviders.map(({ issuer }) => issuer);
      expect(await listed('issuer')).toEqual(issuers.toSorted());
      expect(await listed('-name')).toEqual(issuers);
    });

    test('each issuer once, however many ask at once', async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => codeOf(register())));
      expect(outcomes.toSorted()).toEqual([...Array(7).fill('already-exists'), 'granted']);
    });

    test("but not the environment's issuer", async () => {
      expect(await codeOf(register({ issuer: ISSUER }))).toBe('already-exists');
      expect(await codeOf(register({ issuer: `${ISSUER}/` }))).toBe('already-exists');
    });

    test('not where no keys could be fetched from', async () => {
      const nowhere = () => register({ issuer: 'http://partner.example', jwksUrl: 'https://10.0.0.1/keys' });
      expect(await codeOf(nowhere())).toBe('request-invalid');
      expect(await fieldsOf(nowhere())).toEqual(['issuer', 'jwks_url']);
      expect((await list()).total).toBe(0);
    });
  });

  describe('are changed', () => {
    test('by a patch, as often as one likes', async () => {
      const { identityProvider } = await register({ emailDomains: ['partner.example'] });
      const { identityProvider: changed } = await change(identityProvider.id, {
        name: 'The partner',
        emailDomains: null,
      });
      expect(changed).toMatchObject({ name: 'The partner', emailDomains: [], audiences: ['rts'] });
      const again = await change(identityProvider.id, { name: 'The partner' });
      expect(again).toEqual({ identityProvider: changed });
    });

    test('not to keys that could not be fetched', async () => {
      const { identityProvider } = await register();
      const attempt = () => change(identityProvider.id, { jwksUrl: 'https://127.0.0.1/' });
      expect(await codeOf(attempt())).toBe('request-invalid');
      expect(await fieldsOf(attempt())).toEqual(['jwks_url']);
    });
  });

  describe('are removed', () => {
    test('and may be registered anew', async () => {
      const { identityProvider } = await register();
      expect((await remove(identityProvider.id)).identityProvider.isActive).toBe(false);
      expect(await codeOf(get(identityProvider.id))).toBe('identity-provider-unknown');
      expect(await codeOf(remove(identityProvider.id))).toBe('identity-provider-unknown');
      expect(await codeOf(change(identityProvider.id, { isActive: true }))).toBe('identity-provider-unknown');
      expect((await list()).total).toBe(0);
      expect(await codeOf(register())).toBe('granted');
    });
  });

  test('are neither switched off nor removed while no administrator could sign in without them', async () => {
    const { id } = (await register()).identityProvider;
    const ada = callerNamed('ada', { issuer: PARTNER });
    const permissions = { isAdmin: true, canUseJit: true, canUseRegistrationToken: false };
    const user = { userId: randomUUID(), ...permissions, createdAt: new Date().toISOString() };
    await replica.users.create(user, ada, replica.origin());
    await replica.settled();
    const at = new Date().toISOString();
    const root = (await replica.tenancy.principalOf(askedBy(ROOT, {}).context)).userId;

    await change(id, { isActive: false }, ada);
    expect(await codeOf(replica.users.deactivate(root, 'a reason', at, replica.origin()))).toBe('last-admin');
    await change(id, { isActive: true });
    await replica.users.deactivate(root, 'a reason', at, replica.origin());
    await replica.settled();
    expect(await codeOf(change(id, { isActive: false }, ada))).toBe('last-admin');
    expect(await codeOf(remove(id, ada))).toBe('last-admin');
    expect((await get(id, ada)).identityProvider.isActive).toBe(true);

    const holding = (...audiences: string[]) => ({ ...ada, claims: { aud: audiences } });
    const narrowed = { audiences: ['rts-next'] };
    for (const caller of [ada, holding('rts'), holding()])
      expect(await codeOf(change(id, narrowed, caller))).toBe('last-admin');
    expect((await change(id, narrowed, holding('other', 'rts-next'))).identityProvider).toMatchObject(
      narrowed,
    );

    await replica.users.activate(root, at, replica.origin());
    await replica.settled();
    await remove(id);
    expect(await codeOf(replica.users.deactivate(root, 'a reason', at, replica.origin()))).toBe('last-admin');
    await register();
    expect(await codeOf(replica.users.deactivate(root, 'a reason', at, replica.origin()))).toBe('granted');
  });

  describe('are trusted', () => {
    test('while they are active', async () => {
      const { identityProvider } = await register();
      const { id } = identityProvider;
      expect(await trusted()).toEqual({
        issuers: [{ issuer: PARTNER, audiences: ['rts'], algorithms: ['RS256'], claims: {} }],
      });
      await change(id, { isActive: false });
      expect(await trusted()).toEqual({ issuers: [] });
      await change(id, { isActive: true });
      expect((await trusted()).issuers).toHaveLength(1);
      await remove(id);
      expect(await trusted()).toEqual({ issuers: [] });
    });

    test('and while they are not, their users get no further', async () => {
      const { identityProvider } = await register();
      const stranger = { issuer: PARTNER, subject: 'ann', emailVerified: false };
      const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
      const user = { userId: randomUUID(), ...permissions, createdAt: new Date().toISOString() };
      await replica.users.create(user, stranger, replica.origin());
      await replica.settled();
      const greet = () => codeOf(replica.tenancy.principalOf(askedBy(stranger, {}).context));
      expect(await greet()).toBe('granted');
      await change(identityProvider.id, { isActive: false });
      expect(await greet()).toBe('user-not-authorized');
      await change(identityProvider.id, { isActive: true });
      expect(await greet()).toBe('granted');
      await remove(identityProvider.id);
      expect(await greet()).toBe('user-not-authorized');
    });

    test('is answered to the gateway alone', async () => {
      expect(await codeOf(trusted(ROOT))).toBe('admin-required');
    });
  });

  test('are nobody’s business but the administrators’', async () => {
    const { identityProvider } = await register();
    const { id } = identityProvider;
    const ann = callerNamed('ann');
    const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    const user = { userId: randomUUID(), ...permissions, createdAt: new Date().toISOString() };
    await replica.users.create(user, ann, replica.origin());
    await replica.settled();
    const attempts = [
      register({ issuer: 'https://other.example' }, ann),
      change(id, { name: 'Mine' }, ann),
      remove(id, ann),
      get(id, ann),
      list({}, ann),
    ];
    expect(await Promise.all(attempts.map(codeOf))).toEqual(Array(5).fill('admin-required'));
  });
});
