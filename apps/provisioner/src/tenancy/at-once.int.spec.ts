import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { streams } from '#libs/contracts';
import { type EventStore, load } from '#libs/event-store';
import { Admins } from '../admin-roster/admins.js';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { Claims } from '../claim/claims.js';
import { IdentityProviders } from '../identity-provider/identity-providers.js';
import { machineClientAfter } from '../machine-client/machine-client.decider.js';
import { MachineClients } from '../machine-client/machine-clients.js';
import { originOf, serviceActor } from '../origin.js';
import { Teams } from '../team/teams.js';
import { onEachStore } from '../testing/on-each-store.js';
import { codeOf } from '../testing/tenancy.js';
import { userDecider } from '../user/user.decider.js';
import { Users } from '../user/users.js';

const ENVIRONMENT = 'https://auth.example.com';
const now = () => new Date().toISOString();
const origin = () => originOf({ requestId: randomUUID() }, serviceActor);
const tally = (codes: readonly string[]) =>
  Object.fromEntries(
    [...new Set(codes)].sort().map((code) => [code, codes.filter((each) => each === code).length]),
  );

/** What one process remembers is of no help to another: each attempt has parts of its own. */
const replica = (store: EventStore) => {
  const claims = new Claims(store);
  const admins = new Admins(store, ENVIRONMENT);
  return {
    users: new Users(store, claims, admins),
    providers: new IdentityProviders(store, claims, admins, ENVIRONMENT, false),
    teams: new Teams(store, claims, new CapacityDesk(store)),
    machineClients: new MachineClients(store, claims),
  };
};

onEachStore('at once', (newStore) => {
  const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
  const newUser = async (
    store: EventStore,
    more: { email?: string; isAdmin?: boolean } = {},
    issuer = ENVIRONMENT,
  ) => {
    const userId = randomUUID();
    const identity = more.email === undefined ? { issuer, subject: userId } : undefined;
    await replica(store).users.create(
      { userId, ...permissions, ...more, createdAt: now() },
      identity,
      origin(),
    );
    return userId;
  };
  const newProvider = async (store: EventStore, issuer: string) => {
    const identityProviderId = randomUUID();
    const settings = {
      name: 'Partner',
      audiences: ['rts'],
      algorithms: ['RS256'],
      emailDomains: [],
      claims: {},
    };
    await replica(store).providers.register({ identityProviderId, issuer, settings, at: now() }, origin());
    return identityProviderId;
  };
  const isActiveAdmin = async (store: EventStore, userId: string) => {
    const { state } = await load(store, userDecider, streams.user(userId));
    return state.status === 'active' && state.isAdmin;
  };
  const newClient = (store: EventStore, teamId: string) => {
    const machineClientId = randomUUID();
    const client = { machineClientId, issuer: 'https://auth.example.com', clientId: machineClientId, teamId };
    return {
      machineClientId,
      register: () => replica(store).machineClients.register({ ...client, registeredAt: now() }, origin()),
    };
  };

  it('20 teams of one name: exactly one is created', async () => {
    const store = newStore();
    const name = `t${randomUUID().slice(0, 8)}`;
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    const attempts = Array.from({ length: 20 }, () =>
      codeOf(
        replica(store).teams.create({ teamId: randomUUID(), name, ...rules, createdAt: now() }, origin()),
      ),
    );
    expect(tally(await Promise.all(attempts))).toEqual({ 'already-exists': 19, granted: 1 });
  });

  it('20 users of one e-mail: exactly one is created', async () => {
    const store = newStore();
    const email = `${randomUUID()}@example.com`;
    const attempts = Array.from({ length: 20 }, (_, index) =>
      codeOf(newUser(store, { email: index % 2 === 0 ? email : email.toUpperCase() })),
    );
    expect(tally(await Promise.all(attempts))).toEqual({ 'already-exists': 19, granted: 1 });
  });

  it.each(['demotion', 'deactivation by a patch', 'deactivation'] as const)(
    'administrators remove each other by %s: one stays',
    async (path) => {
      const store = newStore();
      const admins = await Promise.all([1, 2, 3].map(() => newUser(store, { isAdmin: true })));
      const remove = (userId: string) => {
        const { users } = replica(store);
        const change = { userId, at: now() };
        if (path === 'demotion') return users.change({ ...change, isAdmin: false }, undefined, origin());
        if (path === 'deactivation') return users.deactivate(userId, 'a reason', now(), origin());
        return users.change(change, { active: false, reason: 'a reason' }, origin());
      };
      const codes = await Promise.all(admins.map((userId) => codeOf(remove(userId))));
      expect(tally(codes)).toEqual({ granted: 2, 'last-admin': 1 });
      const left = await Promise.all(admins.map((userId) => isActiveAdmin(store, userId)));
      expect(left.filter(Boolean)).toHaveLength(1);
    },
  );

  it.each([
    ['switched off', false],
    ['removed', true],
  ] as const)(
    'an administrator is demoted while the other one’s identity provider is %s: one can sign in',
    async (_, removal) => {
      const store = newStore();
      const issuer = `https://${randomUUID()}.example`;
      const identityProviderId = await newProvider(store, issuer);
      const ours = await newUser(store, { isAdmin: true });
      const theirs = await newUser(store, { isAdmin: true }, issuer);
      const { users, providers } = replica(store);
      const closed = { identityProviderId, at: now() };
      const codes = await Promise.all([
        codeOf(users.change({ userId: ours, isAdmin: false, at: now() }, undefined, origin())),
        codeOf(
          removal
            ? replica(store).providers.remove(closed, origin())
            : replica(store).providers.change({ ...closed, isActive: false }, origin()),
        ),
      ]);
      expect(tally(codes)).toEqual({ granted: 1, 'last-admin': 1 });
      const provider = await providers.known(identityProviderId).catch(() => undefined);
      const canSignIn = [
        await isActiveAdmin(store, ours),
        (await isActiveAdmin(store, theirs)) && provider?.status === 'active',
      ];
      expect(canSignIn.filter(Boolean)).toHaveLength(1);
    },
  );

  it('the identity providers of two administrators are switched off: one stays on', async () => {
    const store = newStore();
    const issuers = [1, 2].map(() => `https://${randomUUID()}.example`);
    const ids = await Promise.all(issuers.map((issuer) => newProvider(store, issuer)));
    for (const issuer of issuers) await newUser(store, { isAdmin: true }, issuer);
    const switchOff = (identityProviderId: string) =>
      replica(store).providers.change({ identityProviderId, isActive: false, at: now() }, origin());
    expect(tally(await Promise.all(ids.map((id) => codeOf(switchOff(id)))))).toEqual({
      granted: 1,
      'last-admin': 1,
    });
    const states = await Promise.all(ids.map((id) => replica(store).providers.known(id)));
    expect(states.map(({ status }) => status).sort()).toEqual(['active', 'inactive']);
  });

  it('10 clients are registered for one team: one is', async () => {
    const store = newStore();
    const teamId = randomUUID();
    const codes = Array.from({ length: 10 }, () => codeOf(newClient(store, teamId).register()));
    expect(tally(await Promise.all(codes))).toEqual({ 'already-exists': 9, granted: 1 });
  });

  it('two clients of a team are activated: one is', async () => {
    const store = newStore();
    const teamId = randomUUID();
    const clients = [newClient(store, teamId), newClient(store, teamId)];
    for (const { register, machineClientId } of clients) {
      await register();
      await replica(store).machineClients.change({ machineClientId, isActive: false, at: now() }, origin());
    }
    const activate = ({ machineClientId }: { machineClientId: string }) =>
      replica(store).machineClients.change({ machineClientId, isActive: true, at: now() }, origin());
    expect(tally(await Promise.all(clients.map((client) => codeOf(activate(client)))))).toEqual({
      'already-exists': 1,
      granted: 1,
    });
    const states = await Promise.all(
      clients.map(async ({ machineClientId }) =>
        machineClientAfter(await store.read(streams.machineClient(machineClientId))),
      ),
    );
    expect(states.map(({ status }) => status).sort()).toEqual(['active', 'inactive']);
  });

  it('two subjects sign in with the e-mail of one user: one becomes this user, the other is free again', async () => {
    const store = newStore();
    const email = `${randomUUID()}@example.com`;
    const userId = await newUser(store, { email });
    const issuer = ENVIRONMENT;
    const subjects = [randomUUID(), randomUUID()];
    const codes = await Promise.all(
      subjects.map((subject) =>
        codeOf(replica(store).users.bindByEmail(userId, email, { issuer, subject }, now(), origin())),
      ),
    );
    expect(tally(codes)).toEqual({ granted: 1, 'user-not-authorized': 1 });
    const loser = subjects[codes.indexOf('user-not-authorized')] ?? '';
    const other = { userId: randomUUID(), ...permissions, createdAt: now() };
    expect(await codeOf(replica(store).users.create(other, { issuer, subject: loser }, origin()))).toBe(
      'granted',
    );
  });

  it.each(['loses the e-mail', 'is deactivated'] as const)(
    'a user %s and somebody signs in with it: nobody gets in who was refused',
    async (what) => {
      const store = newStore();
      const email = `${randomUUID()}@example.com`;
      const userId = await newUser(store, { email });
      const identity = { issuer: ENVIRONMENT, subject: randomUUID() };
      const { users } = replica(store);
      await (what === 'is deactivated'
        ? users.deactivate(userId, 'a reason', now(), origin())
        : users.change({ userId, email: null, at: now() }, undefined, origin()));
      // found by rows that do not show it yet
      const signIn = () => replica(store).users.bindByEmail(userId, email, identity, now(), origin());
      expect(await codeOf(signIn())).toBe(
        what === 'is deactivated' ? 'user-deactivated' : 'user-not-authorized',
      );
      const { state } = await load(store, userDecider, streams.user(userId));
      expect(state).toMatchObject({ identities: new Set() });
      const other = { userId: randomUUID(), ...permissions, createdAt: now() };
      expect(await codeOf(users.create(other, identity, origin()))).toBe('granted');
    },
  );
});
