import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect } from '@jest/globals';
import {
  type ChangeTeamRequest,
  type CreateTeamRequest,
  createTeamSchema,
  listTeamsSchema,
  teamCapacityEvent,
} from '#libs/contracts';
import { onEachDatabase } from '#libs/testing';
import { runnerSlotProjection } from '../capacity/runner-slot.projection.js';
import {
  askedBy,
  callerNamed,
  codeOf,
  ISSUER,
  ROOT,
  type TenancyReplica,
  tenancyReplica,
} from '../testing/tenancy.js';
import { AddTeamMemberHandler } from './add-team-member.handler.js';
import { ChangeTeamHandler } from './change-team.handler.js';
import { CreateTeamHandler } from './create-team.handler.js';
import { DeactivateTeamHandler } from './deactivate-team.handler.js';
import { GetTeamHandler } from './get-team.query.js';
import { ListTeamMembersHandler } from './list-team-members.query.js';
import { ListTeamsHandler } from './list-teams.query.js';
import { ReactivateTeamHandler } from './reactivate-team.handler.js';
import { RemoveTeamMemberHandler } from './remove-team-member.handler.js';
import {
  AddTeamMember,
  ChangeTeam,
  CreateTeam,
  DeactivateTeam,
  GetTeam,
  ListTeamMembers,
  ListTeams,
  ReactivateTeam,
  RemoveTeamMember,
} from './team.messages.js';

onEachDatabase('teams', ({ test, newAddress, closing }) => {
  let replica: TenancyReplica;
  beforeEach(async () => {
    const fresh = await tenancyReplica({ address: newAddress() });
    closing({ close: () => fresh.view.onApplicationShutdown() });
    replica = fresh;
  });

  const create = (body: Partial<CreateTeamRequest> = {}, caller = ROOT) => {
    const { tenancy, teams, view } = replica;
    const request = createTeamSchema.parse({ teamId: randomUUID(), name: 'red', ...body });
    return new CreateTeamHandler(tenancy, teams, view).execute(new CreateTeam(askedBy(caller, request)));
  };
  const change = (teamId: string, patch: Omit<ChangeTeamRequest, 'teamId'>) => {
    const { tenancy, teams, view } = replica;
    const question = new ChangeTeam(askedBy(ROOT, { teamId, ...patch }));
    return new ChangeTeamHandler(tenancy, teams, view).execute(question);
  };
  const deactivate = (teamId: string) => {
    const { tenancy, teams, view, removals } = replica;
    const question = new DeactivateTeam(
      askedBy(ROOT, { teamId, reason: 'over budget', removeRunners: false }),
    );
    return new DeactivateTeamHandler(tenancy, teams, view, removals).execute(question);
  };
  const reactivate = (teamId: string) => {
    const { tenancy, teams, view } = replica;
    return new ReactivateTeamHandler(tenancy, teams, view).execute(
      new ReactivateTeam(askedBy(ROOT, { teamId })),
    );
  };
  const addMember = (teamId: string, userId: string, caller = ROOT) => {
    const { tenancy, users, teams, view } = replica;
    const question = new AddTeamMember(askedBy(caller, { teamId, userId }));
    return new AddTeamMemberHandler(tenancy, users, teams, view).execute(question);
  };
  const removeMember = (teamId: string, userId: string) =>
    new RemoveTeamMemberHandler(replica.tenancy, replica.teams).execute(
      new RemoveTeamMember(askedBy(ROOT, { teamId, userId })),
    );
  const get = (teamId: string, caller = ROOT, asAdministrator = false) =>
    new GetTeamHandler(replica.tenancy, replica.view).execute(
      new GetTeam(askedBy(caller, { teamId, asAdministrator })),
    );
  const list = (search: object = {}, caller = ROOT) =>
    new ListTeamsHandler(replica.tenancy, replica.view).execute(
      new ListTeams(askedBy(caller, listTeamsSchema.parse(search))),
    );
  const members = (teamId: string, caller = ROOT, sort = '-added_at') =>
    new ListTeamMembersHandler(replica.tenancy, replica.view).execute(
      new ListTeamMembers(askedBy(caller, { teamId, sort, limit: 50, offset: 0, asAdministrator: false })),
    );
  const names = async (...asked: Parameters<typeof list>) =>
    (await list(...asked)).teams.map(({ name }) => name);

  const newUser = async (subject: string) => {
    const userId = randomUUID();
    const permissions = { isAdmin: false, canUseJit: true, canUseRegistrationToken: false };
    const user = {
      userId,
      email: `${subject}@example.com`,
      ...permissions,
      createdAt: new Date().toISOString(),
    };
    await replica.users.create(user, { issuer: ISSUER, subject }, replica.origin());
    await replica.settled();
    return userId;
  };

  describe('are created', () => {
    test('with their rules, and shown with who did it', async () => {
      const { team } = await create({
        description: 'Builds',
        requiredLabels: ['team-red', 'team-red'],
        labelPatterns: ['gpu(-\\d+)?'],
        runnerGroupIds: [3, 3],
        maxRunners: 5,
      });
      expect(team).toMatchObject({
        name: 'red',
        description: 'Builds',
        requiredLabels: ['team-red'],
        optionalLabelPatterns: ['gpu(-\\d+)?'],
        runnerGroupIds: [3],
        maxRunners: 5,
        isActive: true,
        createdBy: `${ISSUER}|root`,
        memberCount: 0,
        activeRunnerCount: 0,
      });
    });

    test('not with a pattern that cannot be used: each is named', async () => {
      const labelPatterns = ['gpu', '(', 'a)|(b', '(?=x)'];
      await expect(create({ labelPatterns })).rejects.toMatchObject({
        code: 'pattern-invalid',
        members: {
          errors: [
            { field: 'optional_label_patterns.1' },
            { field: 'optional_label_patterns.2' },
            { field: 'optional_label_patterns.3' },
          ],
        },
      });
      const { team } = await create();
      expect(await codeOf(change(team.id, { labelPatterns: ['['] }))).toBe('pattern-invalid');
    });

    test('once per name, by administrators alone', async () => {
      await newUser('ann');
      expect(await codeOf(create({}, callerNamed('ann')))).toBe('admin-required');
      await create();
      expect(await codeOf(create())).toBe('already-exists');
    });
  });

  test('are changed by what the patch names; a name that is left is free', async () => {
    const { team } = await create({ description: 'Builds', maxRunners: 5, labelPatterns: ['gpu'] });
    const changed = (await change(team.id, { name: 'blue', maxRunners: null, description: null })).team;
    expect(changed).toMatchObject({ name: 'blue', optionalLabelPatterns: ['gpu'] });
    expect(changed).not.toHaveProperty('maxRunners');
    expect(changed).not.toHaveProperty('description');
    expect((await create()).team.name).toBe('red');
    expect(await codeOf(change(team.id, { name: 'red' }))).toBe('already-exists');
    expect(await codeOf(change(randomUUID(), { name: 'green' }))).toBe('team-unknown');
  });

  test('are deactivated with a reason, and reactivated', async () => {
    const { team } = await create();
    expect((await deactivate(team.id)).team).toMatchObject({
      isActive: false,
      deactivationReason: 'over budget',
      deactivatedBy: `${ISSUER}|root`,
    });
    expect(await codeOf(deactivate(team.id))).toBe('already-inactive');
    expect(await names({ isActive: false })).toEqual(['red']);
    const { team: active } = await reactivate(team.id);
    expect(active.isActive).toBe(true);
    expect(active).not.toHaveProperty('deactivationReason');
    expect(await codeOf(reactivate(team.id))).toBe('already-active');
  });

  describe('have members', () => {
    test('who are added once and removed once', async () => {
      const { team } = await create();
      const ann = await newUser('ann');
      const { member } = await addMember(team.id, ann);
      expect(member).toMatchObject({ userId: ann, email: 'ann@example.com', isActive: true });
      expect(await addMember(team.id, ann)).not.toHaveProperty('position');
      expect((await get(team.id)).team.memberCount).toBe(1);
      expect(await members(team.id)).toMatchObject({ members: [{ userId: ann }], total: 1 });
      expect(await removeMember(team.id, ann)).toMatchObject({ recorded: 1 });
      expect(await codeOf(removeMember(team.id, ann))).toBe('member-unknown');
    });

    test('who are listed in the order one asks for', async () => {
      const { team } = await create();
      for (const name of ['ann', 'bob']) await addMember(team.id, await newUser(name));
      const listed = async (sort: string) =>
        (await members(team.id, ROOT, sort)).members.map(({ addedAt, userId }) => addedAt + userId);
      const newestFirst = await listed('-added_at');
      expect(newestFirst).toEqual(newestFirst.toSorted().toReversed());
      expect(await listed('added_at')).toEqual(newestFirst.toReversed());
    });

    test('who exist, in teams that exist', async () => {
      const { team } = await create();
      expect(await codeOf(addMember(team.id, randomUUID()))).toBe('user-unknown');
      expect(await codeOf(addMember(randomUUID(), await newUser('ann')))).toBe('team-unknown');
      expect(await codeOf(addMember(team.id, await newUser('bob'), callerNamed('bob')))).toBe(
        'admin-required',
      );
    });

    test('who see their teams and no others; administrators see all, or their own', async () => {
      const red = (await create()).team.id;
      const blue = (await create({ name: 'blue' })).team.id;
      await addMember(red, await newUser('ann'));
      const ann = callerNamed('ann');
      expect(await names({}, ann)).toEqual(['red']);
      expect((await get(red, ann)).team.memberCount).toBe(1);
      expect((await members(red, ann)).total).toBe(1);
      expect(await codeOf(get(blue, ann))).toBe('team-unknown');
      expect(await codeOf(members(blue, ann))).toBe('team-unknown');
      expect(await codeOf(get(red, ann, true))).toBe('admin-required');
      expect(await codeOf(list({ asAdministrator: true }, ann))).toBe('admin-required');
      expect(await names({ sort: 'name' })).toEqual(['blue', 'red']);
      expect(await names({ own: true })).toEqual([]);
      expect(await codeOf(get(randomUUID()))).toBe('team-unknown');
    });
  });

  test('are listed by filter, sort and page', async () => {
    for (const name of ['red', 'blue', 'green']) await create({ name, description: `The ${name} ones` });
    const page = await list({ sort: 'name', limit: 1, offset: 1, q: ' ONES' });
    expect([page.teams.map(({ name }) => name), page.total]).toEqual([['green'], 3]);
    expect(await names({ q: 'THE BLUE' })).toEqual(['blue']);
    expect(await names()).toEqual(['green', 'blue', 'red']);
  });

  test('show how many of their slots are in use, after a snapshot and a repeat too', async () => {
    const { team } = await create();
    const teamId = team.id;
    const runners = [1, 2, 3, 4].map(() => randomUUID());
    const [first = '', second = '', third = '', fourth = ''] = runners;
    const at = new Date().toISOString();
    const reserved = (runnerId: string) =>
      teamCapacityEvent('RunnerSlotReserved')({ teamId, runnerId, reservedAt: at });
    await replica.record(`teamCapacity-${teamId}`, reserved(first), reserved(second), reserved(third));
    expect((await get(teamId)).team.activeRunnerCount).toBe(3);
    await replica.record(
      `teamCapacity-${teamId}`,
      teamCapacityEvent('RunnerSlotReleased')({ teamId, runnerId: first, releasedAt: at }),
      teamCapacityEvent('TeamCapacitySnapshotTaken')({ teamId, runnerIds: [second, fourth] }),
    );
    expect((await get(teamId)).team.activeRunnerCount).toBe(2);
    const facts = await replica.store.read(`teamCapacity-${teamId}`);
    await replica.database.em().transactional((em) => runnerSlotProjection.apply(em, facts));
    expect((await get(teamId)).team.activeRunnerCount).toBe(2);
  });
});
