import { describe, it } from '@jest/globals';
import { type TeamEvent, teamEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { type ChangeTeam, teamDecider } from './team.decider.js';

const TEAM = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';
const ADA = '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a01';
const AT = '2026-03-01T10:00:00.000Z';

const created = teamEvent('TeamCreated')({
  teamId: TEAM,
  name: 'builders',
  description: 'They build',
  requiredLabels: ['red'],
  labelPatterns: ['gpu'],
  runnerGroupIds: [1],
  maxRunners: 3,
  createdAt: AT,
});
const added = teamEvent('TeamMemberAdded')({ teamId: TEAM, userId: ADA, addedAt: AT });
const removed = teamEvent('TeamMemberRemoved')({ teamId: TEAM, userId: ADA, removedAt: AT });
const deactivated = teamEvent('TeamDeactivated')({
  teamId: TEAM,
  reason: 'contract ended',
  deactivatedAt: AT,
});
const reactivated = teamEvent('TeamReactivated')({ teamId: TEAM, reactivatedAt: AT });

const team = (...facts: readonly TeamEvent[]) => given(teamDecider, created, ...facts);
const change = (wanted: Omit<ChangeTeam, 'type' | 'teamId' | 'at'>) =>
  ({ type: 'ChangeTeam', teamId: TEAM, at: AT, ...wanted }) as const;
const add = { type: 'AddMember', teamId: TEAM, userId: ADA, at: AT } as const;
const remove = { type: 'RemoveMember', teamId: TEAM, userId: ADA, at: AT } as const;
const deactivate = { type: 'DeactivateTeam', teamId: TEAM, reason: 'contract ended', at: AT } as const;
const reactivate = { type: 'ReactivateTeam', teamId: TEAM, at: AT } as const;

describe('a team', () => {
  it('is created once', () =>
    team()
      .when({ type: 'CreateTeam', ...created.data })
      .thenNothing());
  it('has to exist before anything else', () => given(teamDecider).when(add).thenRefused('team-unknown'));

  it('is changed fact by fact, and only where something changes', () =>
    team()
      .when(
        change({
          name: 'smiths',
          description: 'They build',
          requiredLabels: ['red'],
          labelPatterns: ['gpu', 'cpu'],
          runnerGroupIds: [1, 2],
          maxRunners: 5,
        }),
      )
      .thenRecorded(
        teamEvent('TeamRenamed')({ teamId: TEAM, name: 'smiths', renamedAt: AT }),
        teamEvent('TeamLabelPatternsSet')({ teamId: TEAM, labelPatterns: ['gpu', 'cpu'], setAt: AT }),
        teamEvent('TeamRunnerGroupsSet')({ teamId: TEAM, runnerGroupIds: [1, 2], setAt: AT }),
        teamEvent('TeamMaxRunnersSet')({ teamId: TEAM, maxRunners: 5, setAt: AT }),
      ));
  it('loses what is cleared, and keeps what is not named', () =>
    team()
      .when(change({ description: null, requiredLabels: null, maxRunners: null }))
      .thenRecorded(
        teamEvent('TeamDescriptionSet')({ teamId: TEAM, setAt: AT }),
        teamEvent('TeamRequiredLabelsSet')({ teamId: TEAM, requiredLabels: [], setAt: AT }),
        teamEvent('TeamMaxRunnersSet')({ teamId: TEAM, setAt: AT }),
      ));
  it('is not changed by nothing', () => team().when(change({})).thenNothing());

  it('takes a member in', () => team().when(add).thenRecorded(added));
  it('takes a member in once', () => team(added).when(add).thenNothing());
  it('lets a member go', () => team(added).when(remove).thenRecorded(removed));
  it('has nobody to let go who is not in it', () => team().when(remove).thenRefused('member-unknown'));
  it('takes a member in again', () => team(added, removed).when(add).thenRecorded(added));

  it('is deactivated with a reason', () => team().when(deactivate).thenRecorded(deactivated));
  it('is deactivated once', () => team(deactivated).when(deactivate).thenRefused('already-inactive'));
  it('is reactivated', () => team(deactivated).when(reactivate).thenRecorded(reactivated));
  it('is not reactivated while active', () => team().when(reactivate).thenRefused('already-active'));
});
