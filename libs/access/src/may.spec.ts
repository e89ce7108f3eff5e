import { describe, expect, it } from '@jest/globals';
import { type Action, type Member, may, type RecordOwnership, type RunnerOwnership } from './may.js';

const user = (userId: string, ...teams: string[]): Member => ({
  userId,
  isAdmin: false,
  isActive: true,
  teams: teams.map((id) => ({ id })),
});
const client = (...teams: string[]): Member => ({
  ...user('m-1', ...teams),
  machine: { machineClientId: 'm-1' },
});
const byRule = (...teams: string[]): Member => ({
  ...user('r-1', ...teams),
  machine: { trustRuleId: 'r-1' },
});
const admin: Member = { ...user('root'), isAdmin: true };

const ann = user('ann', 'red', 'blue');
const annsOwn: RunnerOwnership = { provisionedBy: 'ann' };
const annsForRed: RunnerOwnership = { teamId: 'red', provisionedBy: 'ann' };
const bobsForRed: RunnerOwnership = { teamId: 'red', provisionedBy: 'bob' };
const bobsOwn: RunnerOwnership = { teamId: null, provisionedBy: 'bob' };

const runnerActions: Action[] = [
  'runner.see',
  'runner.refresh',
  'runner.deprovision',
  'runner.issueRegistrationToken',
];

describe.each(runnerActions)('%s', (action) => {
  it.each<[string, Member, RunnerOwnership, boolean]>([
    ['an administrator, anybody’s runner', admin, bobsOwn, true],
    ['an administrator, a team’s runner', admin, bobsForRed, true],
    ['an administrator who was deactivated', { ...admin, isActive: false }, bobsOwn, false],
    ['a user, what they provisioned without a team', ann, annsOwn, true],
    ['a user, what a team mate provisioned for the team', ann, bobsForRed, true],
    ['a user, what somebody else provisioned without a team', ann, bobsOwn, false],
    ['a user, a runner of a team that is not theirs', user('eve', 'green'), bobsForRed, false],
    ['a user who left the team they had provisioned for', user('ann'), annsForRed, false],
    ['a user who was deactivated', { ...ann, isActive: false }, annsOwn, false],
    ['a user, a runner nobody is known to own', ann, { provisionedBy: null }, false],
  ])('%s', (_, principal, runner, expected) => {
    expect(may(principal, action, runner)).toBe(expected);
  });
});

describe('auditRecord.see', () => {
  it.each<[string, Member, RecordOwnership, boolean]>([
    ['an administrator, a refusal of somebody unknown', admin, {}, true],
    ['a user, a refusal of somebody unknown', ann, {}, false],
    ['a user, what they did', ann, { actorUserId: 'ann' }, true],
    [
      'a user, what they did for a team they have left',
      user('ann'),
      { teamId: 'red', actorUserId: 'ann' },
      true,
    ],
    ['a user, what happened to a runner of their team', ann, { teamId: 'red', runnerOwnerId: 'bob' }, true],
    ['a user, what happened to their own runner', ann, { runnerOwnerId: 'ann' }, true],
    ['a user, what happened to somebody else’s runner', ann, { runnerOwnerId: 'bob' }, false],
    ['a user, what a team that is not theirs did', ann, { teamId: 'green', actorUserId: 'bob' }, false],
    ['a user who was deactivated', { ...ann, isActive: false }, { actorUserId: 'ann' }, false],
    ['a client, what it did for its team', client('red'), { teamId: 'red', actorUserId: 'm-1' }, true],
    ['a client, what it was refused', client('red'), { actorUserId: 'm-1' }, true],
    [
      'a client, what it did for another team once',
      client('red'),
      { teamId: 'blue', actorUserId: 'm-1' },
      false,
    ],
    ['by a rule, what was done for its team', byRule('red'), { teamId: 'red', actorUserId: 'r-0' }, true],
    [
      'by a rule, what a token that fits other rules too did for their teams',
      byRule('red'),
      { teamId: 'blue', actorUserId: 'r-1' },
      false,
    ],
    ['by a rule, what another token of it was refused', byRule('red'), { actorUserId: 'r-1' }, false],
    ['by a rule, what a runner of its without a team did', byRule('red'), { runnerOwnerId: 'r-1' }, false],
  ])('%s', (_, principal, record, expected) => {
    expect(may(principal, 'auditRecord.see', record)).toBe(expected);
  });
});

describe('team.see', () => {
  it.each<[string, Member, string, boolean]>([
    ['an administrator, any team', admin, 'green', true],
    ['a member', ann, 'red', true],
    ['a stranger', ann, 'green', false],
    ['a member who was deactivated', { ...ann, isActive: false }, 'red', false],
  ])('%s', (_, principal, teamId, expected) => {
    expect(may(principal, 'team.see', { teamId })).toBe(expected);
  });
});

describe('securityEvent.see', () => {
  it.each<[string, Member, { teamId?: string }, boolean]>([
    ['an administrator, one without a team', admin, {}, true],
    ['a user, one of their team', ann, { teamId: 'red' }, true],
    ['a user, one of a team that is not theirs', ann, { teamId: 'green' }, false],
    ['a user, one without a team', ann, {}, false],
    ['a user who was deactivated', { ...ann, isActive: false }, { teamId: 'red' }, false],
  ])('%s', (_, principal, event, expected) => {
    expect(may(principal, 'securityEvent.see', event)).toBe(expected);
  });
});
