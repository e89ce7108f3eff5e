import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examples, Problem, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { type GatewayUnderTest, STARTS_WITHIN_MS, startGateway } from '../testing/gateway-under-test.js';
import { expectRefusedField } from '../testing/refused-fields.js';

const ADMIN = '/api/v1/admin/teams';
const OWN = '/api/v1/teams';
const { team, teamMember, user } = examples;

let gateway: GatewayUnderTest;
beforeAll(async () => {
  gateway = await startGateway();
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());
const lastBody = (subject: Parameters<GatewayUnderTest['bus']['asked']>[0]) =>
  gateway.bus.asked(subject).at(-1)?.body;

describe('POST /admin/teams', () => {
  it('answers 201 with the team and where it is', async () => {
    const { status, headers, body } = await gateway.call('post', ADMIN).send({
      name: 'dev',
      required_labels: ['Team-Dev'],
      optional_label_patterns: ['gpu|cuda'],
      runner_group_ids: [1, 2],
      max_runners: 3,
    });
    expect({ status, location: headers.location, body }).toEqual({
      status: 201,
      location: `${ADMIN}/${team.id}`,
      body: toSnakeCase(team),
    });
    expect(lastBody(subjects.createTeam)).toEqual({
      teamId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'dev',
      requiredLabels: ['team-dev'],
      labelPatterns: ['gpu|cuda'],
      runnerGroupIds: [1, 2],
      maxRunners: 3,
    });
  });

  it.each([
    ['no name', {}, 'name'],
    ['a name of one letter', { name: 'd' }, 'name'],
    ['capitals', { name: 'Dev' }, 'name'],
    ['a dash at the end', { name: 'dev-' }, 'name'],
    ['no room for a runner', { name: 'dev', max_runners: 0 }, 'max_runners'],
    ['half a runner', { name: 'dev', max_runners: 1.5 }, 'max_runners'],
    ['a label outside ASCII', { name: 'dev', required_labels: ['é'] }, 'required_labels.0'],
    [
      'too long a pattern',
      { name: 'dev', optional_label_patterns: ['x'.repeat(201)] },
      'optional_label_patterns.0',
    ],
    [
      'too many patterns',
      { name: 'dev', optional_label_patterns: Array(51).fill('x') },
      'optional_label_patterns',
    ],
    ['the name of the messages', { name: 'dev', labelPatterns: [] }, 'labelPatterns'],
  ])('refuses %s, naming the field', async (_, body, field) => {
    expectRefusedField(await gateway.call('post', ADMIN).send(body), field);
  });
});

describe('one team, for administrators', () => {
  it('GET asks as administrator', async () => {
    const { status, body } = await gateway.call('get', `${ADMIN}/${team.id}`);
    expect({ status, body }).toEqual({ status: 200, body: toSnakeCase(team) });
    expect(lastBody(subjects.getTeam)).toEqual({ teamId: team.id, asAdministrator: true });
  });

  it('the list as well', async () => {
    await gateway.call('get', `${ADMIN}?sort=name&is_active=false&q=de`).expect(200);
    expect(lastBody(subjects.listTeams)).toEqual({
      limit: 50,
      offset: 0,
      sort: 'name',
      isActive: false,
      q: 'de',
      own: false,
      asAdministrator: true,
    });
  });

  it('PATCH keeps what is absent and clears what is null', async () => {
    const change = { max_runners: null, optional_label_patterns: null };
    await gateway.call('patch', `${ADMIN}/${team.id}`).send(change).expect(200);
    expect(lastBody(subjects.changeTeam)).toEqual({ teamId: team.id, maxRunners: null, labelPatterns: null });
    await gateway.call('patch', `${ADMIN}/${team.id}`).send({ name: 'ops' }).expect(200);
    expect(lastBody(subjects.changeTeam)).toEqual({ teamId: team.id, name: 'ops' });
  });

  it('deactivate takes a reason and says which operation removes the runners', async () => {
    const operationId = examples.operation.operationId;
    gateway.bus.answer(subjects.deactivateTeam, () => ({ team, position: '1', operationId }));
    const deactivate = gateway.call('post', `${ADMIN}/${team.id}/deactivate`);
    const { status, body } = await deactivate.send({ reason: 'It is over', remove_runners: true });
    expect({ status, body }).toEqual({
      status: 200,
      body: { ...(toSnakeCase(team) as object), operation_id: operationId },
    });
    expect(lastBody(subjects.deactivateTeam)).toEqual({
      teamId: team.id,
      reason: 'It is over',
      removeRunners: true,
    });
  });

  it('deactivate without a reason is 422, reactivate needs none', async () => {
    await gateway.call('post', `${ADMIN}/${team.id}/deactivate`).send({}).expect(422);
    await gateway.call('post', `${ADMIN}/${team.id}/reactivate`).expect(200);
  });

  it.each([
    ['get', ADMIN],
    ['patch', ADMIN],
    ['get', OWN],
  ] as const)('%s %s/{no id} is 404', async (method, path) => {
    const { status, body } = await gateway.call(method, `${path}/dev`).send({});
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'team-unknown' });
  });
});

describe('members', () => {
  const MEMBERS = `${ADMIN}/${team.id}/members`;

  it('are listed, added and removed', async () => {
    const list = await gateway.call('get', MEMBERS);
    expect(list.body).toEqual({ members: [toSnakeCase(teamMember)], total: 1 });
    expect(lastBody(subjects.listTeamMembers)).toMatchObject({ teamId: team.id, asAdministrator: true });

    const added = await gateway.call('post', MEMBERS).send({ user_id: user.id });
    expect({ status: added.status, location: added.headers.location, body: added.body }).toEqual({
      status: 201,
      location: `${MEMBERS}/${user.id}`,
      body: toSnakeCase(teamMember),
    });
    const removed = await gateway.call('delete', `${MEMBERS}/${user.id}`);
    expect({ status: removed.status, body: removed.text }).toEqual({ status: 204, body: '' });
    expect(lastBody(subjects.removeTeamMember)).toEqual({ teamId: team.id, userId: user.id });
  });

  it('need an id', async () => {
    const { body } = await gateway.call('post', MEMBERS).send({ user_id: 'alice' });
    expect(body.errors[0].field).toBe('user_id');
    const { status, body: problem } = await gateway.call('delete', `${MEMBERS}/alice`);
    expect({ status, code: problem.code }).toEqual({ status: 404, code: 'member-unknown' });
  });
});

describe('GET /teams', () => {
  it('asks for what the caller may see', async () => {
    const { body } = await gateway.call('get', OWN);
    expect(body).toEqual({ teams: [toSnakeCase(team)], total: 1 });
    expect(lastBody(subjects.listTeams)).toMatchObject({ asAdministrator: false });
    await gateway.call('get', `${OWN}/${team.id}`).expect(200);
    expect(lastBody(subjects.getTeam)).toMatchObject({ asAdministrator: false });
    await gateway.call('get', `${OWN}/${team.id}/members`).expect(200);
    expect(lastBody(subjects.listTeamMembers)).toMatchObject({ asAdministrator: false });
  });

  it("a team's records are searched by everything but the team", async () => {
    const logs = await gateway.call('get', `${OWN}/${team.id}/audit-logs?event_type=provision&severity=high`);
    expect(logs.body).toMatchObject({ total: 1, logs: [{ event_type: 'provision_jit' }] });
    expect(lastBody(subjects.searchAuditRecords)).toMatchObject({
      team: team.id,
      eventType: 'provision',
      severity: 'high',
    });
    const events = await gateway.call('get', `${OWN}/${team.id}/security-events?severity=low`);
    expect(events.body).toMatchObject({ total: 1, events: [{ event_type: 'label_policy_violation' }] });
    expect(lastBody(subjects.searchSecurityEvents)).toMatchObject({
      team: team.id,
      severity: 'low',
      asAdministrator: false,
    });
    await gateway.call('get', `${OWN}/${team.id}/audit-logs?team=other`).expect(422);
  });

  it.each(['audit-logs', 'security-events'])('a hidden team has no %s', async (records) => {
    const before = gateway.bus.questions.length;
    gateway.bus.answerOnce(subjects.getTeam, () => {
      throw new Problem('team-unknown', 'There is no such team.');
    });
    const { status, body } = await gateway.call('get', `${OWN}/${team.id}/${records}`);
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'team-unknown' });
    const asked = gateway.bus.questions.slice(before).map(({ subject }) => subject);
    expect(asked).not.toContain(subjects.searchAuditRecords.subject);
    expect(asked).not.toContain(subjects.searchSecurityEvents.subject);
  });
});
