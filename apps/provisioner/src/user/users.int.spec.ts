import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import {
  type ChangeUserRequest,
  type CreateUserRequest,
  createUserSchema,
  listUsersSchema,
  streams,
  type UserView,
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
  until,
} from '../testing/tenancy.js';
import { ActivateUserHandler } from './activate-user.handler.js';
import { ChangeUserHandler } from './change-user.handler.js';
import { CreateUserHandler } from './create-user.handler.js';
import { DeactivateUserHandler } from './deactivate-user.handler.js';
import { GetUserHandler } from './get-user.query.js';
import { ListUsersHandler } from './list-users.query.js';
import { ActivateUser, ChangeUser, CreateUser, DeactivateUser, GetUser, ListUsers } from './user.messages.js';

const COMMENT = 'left the company';

onEachDatabase('users', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
  });

  const create = (body: Partial<CreateUserRequest>, caller = ROOT) => {
    const { tenancy, users, teams, view } = replica;
    const request = createUserSchema.parse({ userId: randomUUID(), ...body });
    return new CreateUserHandler(tenancy, users, teams, view).execute(
      new CreateUser(askedBy(caller, request)),
    );
  };
  const change = (userId: string, patch: Omit<ChangeUserRequest, 'userId'>, caller = ROOT) => {
    const { tenancy, users, view } = replica;
    return new ChangeUserHandler(tenancy, users, view).execute(
      new ChangeUser(askedBy(caller, { userId, ...patch })),
    );
  };
  const deactivate = (userId: string, caller = ROOT) => {
    const { tenancy, users, view } = replica;
    return new DeactivateUserHandler(tenancy, users, view).execute(
      new DeactivateUser(askedBy(caller, { userId, comment: COMMENT })),
    );
  };
  const activate = (userId: string, caller = ROOT) => {
    const { tenancy, users, view } = replica;
    return new ActivateUserHandler(tenancy, users, view).execute(
      new ActivateUser(askedBy(caller, { userId })),
    );
  };
  const get = (userId: string, caller = ROOT) =>
    new GetUserHandler(replica.tenancy, replica.view).execute(new GetUser(askedBy(caller, { userId })));
  const list = async (search: object = {}, caller = ROOT) => {
    const question = new ListUsers(askedBy(caller, listUsersSchema.parse(search)));
    return new ListUsersHandler(replica.tenancy, replica.view).execute(question);
  };
  const emails = ({ users }: { users: UserView[] }) => users.map(({ email, oidcSub }) => email ?? oidcSub);
  const rootId = async () =>
    (await list({ isAdmin: true })).users.find(({ oidcSub }) => oidcSub === 'root')?.id ?? '';

  describe('are created', () => {
    test('by e-mail, and shown with who did it; the facts carry the request', async () => {
      const { user, position } = await create({ email: 'Ann@example.com', displayName: 'Ann' });
      expect(user).toMatchObject({
        email: 'Ann@example.com',
        displayName: 'Ann',
        isAdmin: false,
        isActive: true,
        canUseJit: true,
        canUseRegistrationToken: false,
        createdBy: `${ISSUER}|root`,
      });
      const [created] = await replica.store.read(streams.user(user.id));
      expect(String(created?.position)).toBe(position);
      expect(created?.metadata).toMatchObject({
        actor: { kind: 'user', issuer: ISSUER, subject: 'root' },
        requestIp: '192.0.2.7',
        userAgent: 'spec/1',
      });
    });

    test('by issuer and subject, as members of teams', async () => {
      const teamId = randomUUID();
      await replica.teams.create(
        {
          teamId,
          name: 'red',
          requiredLabels: [],
          labelPatterns: [],
          runnerGroupIds: [],
          createdAt: new Date().toISOString(),
        },
        replica.origin(),
      );
      const { user } = await create({ oidcIssuer: ISSUER, oidcSub: 'ann', teamIds: [teamId, teamId] });
      expect(user).toMatchObject({ oidcIssuer: ISSUER, oidcSub: 'ann' });
      expect(await replica.tenancy.principalOf(askedBy(callerNamed('ann'), {}).context)).toMatchObject({
        userId: user.id,
        teams: [{ name: 'red' }],
      });
      expect(emails(await list({ teamId }))).toEqual(['ann']);
    });

    test('only with something to know them by', async () => {
      expect(await codeOf(create({}))).toBe('request-invalid');
      await expect(create({ oidcSub: 'ann' })).rejects.toMatchObject({
        members: { errors: [{ field: 'oidc_issuer' }] },
      });
    });

    test('only into teams that are there, and then not at all', async () => {
      expect(await codeOf(create({ email: 'ann@example.com', teamIds: [randomUUID()] }))).toBe(
        'team-unknown',
      );
      expect(emails(await list({ q: 'ann' }))).toEqual([]);
    });

    test('once per e-mail, whatever its case, and per identity', async () => {
      await create({ email: 'ann@example.com', oidcIssuer: ISSUER, oidcSub: 'ann' });
      expect(await codeOf(create({ email: 'ANN@example.com' }))).toBe('already-exists');
      expect(await codeOf(create({ email: 'new@example.com', oidcIssuer: ISSUER, oidcSub: 'ann' }))).toBe(
        'already-exists',
      );
      expect(await codeOf(create({ email: 'new@example.com' }))).toBe('granted');
    });

    test('by administrators alone', async () => {
      await create({ oidcIssuer: ISSUER, oidcSub: 'ann' });
      expect(await codeOf(create({ email: 'x@example.com' }, callerNamed('ann')))).toBe('admin-required');
      expect(await codeOf(list({}, callerNamed('ann')))).toBe('admin-required');
      expect(await codeOf(get(randomUUID()))).toBe('user-unknown');
    });
  });

  describe('are changed', () => {
    test('by what the patch names: absent is kept, null is cleared', async () => {
      const { user } = await create({ email: 'ann@example.com', displayName: 'Ann' });
      const changed = await change(user.id, { displayName: null, canUseRegistrationToken: true });
      expect(changed.user).toMatchObject({ email: 'ann@example.com', canUseRegistrationToken: true });
      expect(changed.user).not.toHaveProperty('displayName');
      expect(await change(user.id, {})).not.toHaveProperty('position');
      expect(await codeOf(change(randomUUID(), { isAdmin: true }))).toBe('user-unknown');
    });

    test('and their old e-mail is free for somebody else', async () => {
      const { user } = await create({ email: 'ann@example.com' });
      await change(user.id, { email: 'Ann@Example.com' });
      expect(await codeOf(create({ email: 'ann@example.com' }))).toBe('already-exists');
      await change(user.id, { email: 'ann@new.example.com' });
      expect(await codeOf(create({ email: 'ann@example.com' }))).toBe('granted');
    });

    test('wholly or not at all: a refused patch leaves no trace', async () => {
      const root = await rootId();
      await create({ email: 'bob@example.com' });
      const refused = { displayName: 'x', email: 'free@example.com', isActive: false };
      expect(await codeOf(change(root, refused))).toBe('last-admin');
      expect(await codeOf(change(root, { displayName: 'x', email: 'bob@example.com' }))).toBe(
        'already-exists',
      );
      expect((await get(root)).user).not.toHaveProperty('displayName');
      expect(await codeOf(create({ email: 'free@example.com' }))).toBe('granted');
    });

    test('to inactive and back, with the comment as the reason', async () => {
      const { user } = await create({ email: 'ann@example.com' });
      expect((await change(user.id, { isActive: false, comment: COMMENT })).user.isActive).toBe(false);
      expect(await change(user.id, { isActive: false })).not.toHaveProperty('position');
      expect((await replica.store.read(streams.user(user.id))).at(-1)?.data).toMatchObject({
        reason: COMMENT,
      });
      expect((await change(user.id, { isActive: true })).user.isActive).toBe(true);
    });
  });

  describe('are deactivated', () => {
    test('and refused from then on, until they are activated again', async () => {
      const { user } = await create({ oidcIssuer: ISSUER, oidcSub: 'ann' });
      const asAnn = () => codeOf(replica.tenancy.principalOf(askedBy(callerNamed('ann'), {}).context));
      expect(await asAnn()).toBe('granted');
      expect((await deactivate(user.id)).user.isActive).toBe(false);
      expect(await asAnn()).toBe('user-deactivated');
      expect(await codeOf(deactivate(user.id))).toBe('already-inactive');
      await activate(user.id);
      expect(await asAnn()).toBe('granted');
      expect(await codeOf(activate(user.id))).toBe('already-active');
    });

    test('but never the last administrator, by any path', async () => {
      const root = await rootId();
      const { user } = await create({ oidcIssuer: ISSUER, oidcSub: 'ada', isAdmin: true });
      await deactivate(user.id);
      expect(await codeOf(deactivate(root))).toBe('last-admin');
      expect(await codeOf(change(root, { isActive: false }))).toBe('last-admin');
      expect(await codeOf(change(root, { isAdmin: false }))).toBe('last-admin');
      await activate(user.id);
      const { user: invited } = await create({ email: 'eve@example.com', isAdmin: true });
      await change(user.id, { isAdmin: false });
      await change(invited.id, { email: null });
      expect(await codeOf(deactivate(root))).toBe('last-admin');
      await change(user.id, { isAdmin: true });
      expect(await codeOf(change(root, { isAdmin: false }))).toBe('granted');
      expect(await codeOf(deactivate(user.id, callerNamed('ada')))).toBe('last-admin');
    });
  });

  test('are listed by filter, sort and page, with the number of all that fit', async () => {
    for (const name of ['cleo', 'ann', 'bob'])
      await create({ email: `${name}@example.com`, displayName: `The ${name}` });
    const { user } = await create({ email: 'zoe@example.com', displayName: '100% Zoe' });
    await deactivate(user.id);
    const page = await list({ sort: 'email', limit: 2, offset: 1, isActive: true });
    expect([emails(page), page.total]).toEqual([['bob@example.com', 'cleo@example.com'], 4]);
    expect(emails(await list({ sort: '-email', q: 'THE ' }))).toEqual(
      ['cleo', 'bob', 'ann'].map((name) => `${name}@example.com`),
    );
    expect(emails(await list({ q: '100%' }))).toEqual(['zoe@example.com']);
    expect(emails(await list({ q: '% z' }))).toEqual(['zoe@example.com']);
    expect(emails(await list({ isActive: false }))).toEqual(['zoe@example.com']);
    expect(emails(await list({ limit: 1 }))).toEqual(['zoe@example.com']);
    expect(emails(await list({ sort: 'email' })).at(-1)).toBe('root');
  });

  test('show when they were last here: one fact an hour, whoever and however often they ask', async () => {
    const { user } = await create({ oidcIssuer: ISSUER, oidcSub: 'ann' });
    const { context } = askedBy(callerNamed('ann'), {});
    for (let times = 0; times < 3; times++) await replica.tenancy.principalOf(context);
    await until(async () => (await get(user.id)).user.lastLoginAt !== undefined);
    const { tenancy, users, settled, store } = replica;
    await settled();
    await users.recordLogin(user.id, new Date().toISOString(), replica.origin());
    await tenancy.principalOf(context);
    const logins = (await store.read(streams.user(user.id))).filter(({ type }) => type === 'UserLoggedIn');
    expect(logins).toHaveLength(1);
    expect(logins[0]?.metadata).toMatchObject({
      $correlationId: context.requestId,
      actor: { userId: user.id },
    });
  });
});
