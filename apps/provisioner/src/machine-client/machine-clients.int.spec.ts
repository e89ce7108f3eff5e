import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import {
  identityProviderEvent,
  listMachineClientsSchema,
  machineClientEvent,
  type RegisterMachineClientRequest,
  streams,
  teamClientEvent,
} from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import { DescribeCallerHandler } from '../tenancy/describe-caller.query.js';
import { DescribeCaller } from '../tenancy/tenancy.messages.js';
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
import { ChangeMachineClientHandler } from './change-machine-client.handler.js';
import { GetMachineClientHandler } from './get-machine-client.query.js';
import { ListMachineClientsHandler } from './list-machine-clients.query.js';
import {
  ChangeMachineClient,
  GetMachineClient,
  ListMachineClients,
  RegisterMachineClient,
  RemoveMachineClient,
} from './machine-client.messages.js';
import { RegisterMachineClientHandler } from './register-machine-client.handler.js';
import { RemoveMachineClientHandler } from './remove-machine-client.handler.js';

onEachDatabase('machine clients', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  let red: string;
  let blue: string;
  const now = () => new Date().toISOString();

  const newTeam = async (name: string) => {
    const teamId = randomUUID();
    const rules = { requiredLabels: [], labelPatterns: [], runnerGroupIds: [] };
    await replica.teams.create({ teamId, name, ...rules, createdAt: now() }, replica.origin());
    await replica.settled();
    return teamId;
  };
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
    [red, blue] = [await newTeam('red'), await newTeam('blue')];
  });

  const register = (body: Partial<RegisterMachineClientRequest> = {}, caller = ROOT) => {
    const { tenancy, teams, machineClients, view } = replica;
    const request = { machineClientId: randomUUID(), clientId: 'ci', teamId: red, ...body };
    return new RegisterMachineClientHandler(tenancy, teams, machineClients, view, ISSUER).execute(
      new RegisterMachineClient(askedBy(caller, request)),
    );
  };
  const change = (machineClientId: string, patch: { isActive?: boolean; description?: string | null }) => {
    const { tenancy, teams, machineClients, view } = replica;
    return new ChangeMachineClientHandler(tenancy, teams, machineClients, view).execute(
      new ChangeMachineClient(askedBy(ROOT, { machineClientId, ...patch })),
    );
  };
  const remove = (machineClientId: string) => {
    const { tenancy, machineClients, view } = replica;
    return new RemoveMachineClientHandler(tenancy, machineClients, view).execute(
      new RemoveMachineClient(askedBy(ROOT, { machineClientId })),
    );
  };
  const get = (machineClientId: string, caller = ROOT) =>
    new GetMachineClientHandler(replica.tenancy, replica.view).execute(
      new GetMachineClient(askedBy(caller, { machineClientId })),
    );
  const list = async (search: object = {}) => {
    const question = new ListMachineClients(askedBy(ROOT, listMachineClientsSchema.parse(search)));
    return (await new ListMachineClientsHandler(replica.tenancy, replica.view).execute(question)).clients;
  };
  const machine = callerNamed('ci@clients', { clientId: 'ci' });
  const acting = () => replica.tenancy.principalOf(askedBy(machine, {}).context);

  describe('are registered', () => {
    test('of the environment’s issuer when none is named, and act for their team', async () => {
      const { client } = await register({ clientId: 'ci@clients', description: 'CI' });
      expect(client).toMatchObject({
        clientId: 'ci',
        oidcIssuer: ISSUER,
        teamId: red,
        description: 'CI',
        isActive: true,
        createdBy: `${ISSUER}|root`,
      });
      expect(await acting()).toMatchObject({ kind: 'machine', teams: [{ id: red }], isAdmin: false });
    });

    test('of an issuer that is trusted, and of no other', async () => {
      const oidcIssuer = 'https://ci.example.com';
      await expect(register({ oidcIssuer })).rejects.toMatchObject({
        code: 'request-invalid',
        members: { errors: [{ field: 'oidc_issuer' }] },
      });
      const identityProviderId = randomUUID();
      await replica.record(
        streams.identityProvider(identityProviderId),
        identityProviderEvent('IdentityProviderRegistered')({
          identityProviderId,
          issuer: oidcIssuer,
          name: 'CI',
          audiences: ['rts'],
          algorithms: ['RS256'],
          emailDomains: [],
          claims: {},
          registeredAt: now(),
        }),
      );
      expect((await register({ oidcIssuer })).client.oidcIssuer).toBe(oidcIssuer);
      await replica.record(
        streams.identityProvider(identityProviderId),
        identityProviderEvent('IdentityProviderDeactivated')({ identityProviderId, deactivatedAt: now() }),
      );
      expect(await codeOf(register({ oidcIssuer, clientId: 'other', teamId: blue }))).toBe('request-invalid');
    });

    test('for a team that is there and active', async () => {
      expect(await codeOf(register({ teamId: randomUUID() }))).toBe('team-unknown');
      const reason = 'over budget';
      await replica.teams.handle(
        { type: 'DeactivateTeam', teamId: red, reason, at: now() },
        replica.origin(),
      );
      expect(await codeOf(register())).toBe('team-deactivated');
    });

    test('once per issuer and client id, however it is written, and one active per team', async () => {
      await register();
      expect(await codeOf(register({ teamId: blue }))).toBe('already-exists');
      expect(await codeOf(register({ teamId: blue, clientId: 'ci@clients' }))).toBe('already-exists');
      expect(await codeOf(register({ clientId: 'other' }))).toBe('already-exists');
      expect(await codeOf(register({ clientId: 'other', teamId: blue }))).toBe('granted');
    });

    test('by administrators alone', async () => {
      const { client } = await register();
      expect(await codeOf(register({ clientId: 'x' }, machine))).toBe('admin-required');
      expect(await codeOf(get(client.id, machine))).toBe('admin-required');
    });
  });

  test('are deactivated and refused; activated again only while the team has no other', async () => {
    const { client } = await register();
    expect((await change(client.id, { isActive: false, description: 'old' })).client).toMatchObject({
      isActive: false,
      description: 'old',
    });
    expect(await codeOf(acting())).toBe('machine-client-refused');
    const other = await register({ clientId: 'other' });
    expect(await codeOf(change(client.id, { isActive: true }))).toBe('already-exists');
    expect((await get(client.id)).client.isActive).toBe(false);
    await change(other.client.id, { isActive: false });
    expect((await change(client.id, { isActive: true, description: null })).client).not.toHaveProperty(
      'description',
    );
    expect(await codeOf(acting())).toBe('granted');
  });

  test('are removed: gone from the lists, their id and their team free for another', async () => {
    const { client } = await register();
    expect((await remove(client.id)).client).toMatchObject({ id: client.id, isActive: false });
    expect(await codeOf(get(client.id))).toBe('machine-client-unknown');
    expect(await codeOf(change(client.id, { isActive: true }))).toBe('machine-client-unknown');
    expect(await codeOf(remove(client.id))).toBe('machine-client-unknown');
    expect(await list()).toEqual([]);
    expect(await codeOf(acting())).toBe('user-not-authorized');
    expect(await codeOf(register())).toBe('granted');
  });

  test('are listed by filter, sort and page', async () => {
    await register({ clientId: 'b' });
    await register({ clientId: 'a', teamId: blue });
    const ids = (clients: { clientId: string }[]) => clients.map(({ clientId }) => clientId);
    expect(ids(await list())).toEqual(['a', 'b']);
    expect(ids(await list({ sort: '-client_id' }))).toEqual(['b', 'a']);
    expect(ids(await list({ teamId: red }))).toEqual(['b']);
    expect(ids(await list({ limit: 1, offset: 1, sort: 'client_id', isActive: true }))).toEqual(['b']);
  });

  test('are told that they are machines, and which team they act for', async () => {
    const { client } = await register();
    const { tenancy, view } = replica;
    const described = await new DescribeCallerHandler(tenancy, view).execute(
      new DescribeCaller(askedBy(machine, {})),
    );
    expect(described).toMatchObject({
      userId: client.id,
      oidcIssuer: ISSUER,
      oidcSub: 'ci@clients',
      isAdmin: false,
      roles: ['machine'],
      teams: [{ id: red, name: 'red' }],
    });
  });

  test('show when they were last used', async () => {
    const { client } = await register();
    await acting();
    await until(async () => (await get(client.id)).client.lastUsedAt !== undefined);
  });

  test('of a team whose claim was left behind by a crash are not locked out', async () => {
    const { client } = await register();
    const machineClientId = client.id;
    await replica.record(
      streams.machineClient(machineClientId),
      machineClientEvent('MachineClientDeactivated')({ machineClientId, deactivatedAt: now() }),
    );
    expect(await codeOf(register({ clientId: 'other' }))).toBe('already-exists');
    const claimedAt = new Date(Date.now() - 61_000).toISOString();
    await replica.record(
      streams.teamClient(red),
      teamClientEvent('TeamClientClaimed')({ teamId: red, machineClientId, claimedAt }),
    );
    expect(await codeOf(register({ clientId: 'other' }))).toBe('granted');
  });
});
