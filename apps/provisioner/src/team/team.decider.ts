import { type Decision, refused, type TeamEvent, teamEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type KnownTeam = {
  status: 'active' | 'inactive';
  name: string;
  description: string | undefined;
  requiredLabels: readonly string[];
  labelPatterns: readonly string[];
  runnerGroupIds: readonly number[];
  maxRunners: number | undefined;
  members: ReadonlySet<string>;
};
export type TeamState = { status: 'unknown' } | KnownTeam;

type DataOf<Type extends TeamEvent['type']> = Extract<TeamEvent, { type: Type }>['data'];
export type CreateTeam = { type: 'CreateTeam' } & DataOf<'TeamCreated'>;
/** Absent = keep, null = clear. */
export type ChangeTeam = {
  type: 'ChangeTeam';
  teamId: string;
  name?: string | undefined;
  description?: string | null | undefined;
  requiredLabels?: readonly string[] | null | undefined;
  labelPatterns?: readonly string[] | null | undefined;
  runnerGroupIds?: readonly number[] | null | undefined;
  maxRunners?: number | null | undefined;
  at: string;
};
export type AddMember = { type: 'AddMember'; teamId: string; userId: string; at: string };
export type RemoveMember = { type: 'RemoveMember'; teamId: string; userId: string; at: string };
export type DeactivateTeam = { type: 'DeactivateTeam'; teamId: string; reason: string; at: string };
export type ReactivateTeam = { type: 'ReactivateTeam'; teamId: string; at: string };
export type TeamCommand =
  | CreateTeam
  | ChangeTeam
  | AddMember
  | RemoveMember
  | DeactivateTeam
  | ReactivateTeam;

const createTeam = ({ type: _, ...team }: CreateTeam): Decision<TeamEvent> => [
  teamEvent('TeamCreated')(team),
];

const changeTeam = ({ teamId, at, ...wanted }: ChangeTeam, team: KnownTeam): Decision<TeamEvent> => {
  const set = { teamId, setAt: at };
  const { name, description, requiredLabels, labelPatterns, runnerGroupIds, maxRunners } = wanted;
  const changes: (TeamEvent | false)[] = [
    name !== undefined && name !== team.name && teamEvent('TeamRenamed')({ teamId, name, renamedAt: at }),
    differs(description, team.description) &&
      teamEvent('TeamDescriptionSet')({ ...set, ...(description ? { description } : {}) }),
    listDiffers(requiredLabels, team.requiredLabels) &&
      teamEvent('TeamRequiredLabelsSet')({ ...set, requiredLabels: [...(requiredLabels ?? [])] }),
    listDiffers(labelPatterns, team.labelPatterns) &&
      teamEvent('TeamLabelPatternsSet')({ ...set, labelPatterns: [...(labelPatterns ?? [])] }),
    listDiffers(runnerGroupIds, team.runnerGroupIds) &&
      teamEvent('TeamRunnerGroupsSet')({ ...set, runnerGroupIds: [...(runnerGroupIds ?? [])] }),
    differs(maxRunners, team.maxRunners) &&
      teamEvent('TeamMaxRunnersSet')({ ...set, ...(maxRunners ? { maxRunners } : {}) }),
  ];
  return changes.filter((change) => change !== false);
};

const differs = <T>(wanted: T | null | undefined, present: T | undefined): boolean =>
  wanted !== undefined && (wanted ?? undefined) !== present;

const listDiffers = <T>(wanted: readonly T[] | null | undefined, present: readonly T[]): boolean =>
  wanted !== undefined && (wanted ?? []).join('\n') !== present.join('\n');

const addMember = ({ teamId, userId, at }: AddMember, { members }: KnownTeam): Decision<TeamEvent> =>
  members.has(userId) ? [] : [teamEvent('TeamMemberAdded')({ teamId, userId, addedAt: at })];

const removeMember = ({ teamId, userId, at }: RemoveMember, { members }: KnownTeam): Decision<TeamEvent> =>
  members.has(userId)
    ? [teamEvent('TeamMemberRemoved')({ teamId, userId, removedAt: at })]
    : refused('member-unknown', 'This user is not a member of the team. GET …/members lists who is.');

const deactivate = ({ teamId, reason, at }: DeactivateTeam, { status }: KnownTeam): Decision<TeamEvent> =>
  status === 'active'
    ? [teamEvent('TeamDeactivated')({ teamId, reason, deactivatedAt: at })]
    : refused('already-inactive', 'The team has been deactivated already.');

const reactivate = ({ teamId, at }: ReactivateTeam, { status }: KnownTeam): Decision<TeamEvent> =>
  status === 'inactive'
    ? [teamEvent('TeamReactivated')({ teamId, reactivatedAt: at })]
    : refused('already-active', 'The team is active.');

/** A team, its members, its quota and its label policy. */
export const teamDecider: Decider<TeamCommand, TeamState, TeamEvent> = {
  initial: { status: 'unknown' },
  decide: (command, team) => {
    if (command.type === 'CreateTeam') return team.status === 'unknown' ? createTeam(command) : [];
    if (team.status === 'unknown') return refused('team-unknown', 'There is no such team.');
    switch (command.type) {
      case 'ChangeTeam':
        return changeTeam(command, team);
      case 'AddMember':
        return addMember(command, team);
      case 'RemoveMember':
        return removeMember(command, team);
      case 'DeactivateTeam':
        return deactivate(command, team);
      case 'ReactivateTeam':
        return reactivate(command, team);
    }
  },
  evolve: (team, event) => {
    if (event.type === 'TeamCreated') return newTeam(event.data);
    if (team.status === 'unknown') return team;
    switch (event.type) {
      case 'TeamRenamed':
        return { ...team, name: event.data.name };
      case 'TeamDescriptionSet':
        return { ...team, description: event.data.description };
      case 'TeamRequiredLabelsSet':
        return { ...team, requiredLabels: event.data.requiredLabels };
      case 'TeamLabelPatternsSet':
        return { ...team, labelPatterns: event.data.labelPatterns };
      case 'TeamRunnerGroupsSet':
        return { ...team, runnerGroupIds: event.data.runnerGroupIds };
      case 'TeamMaxRunnersSet':
        return { ...team, maxRunners: event.data.maxRunners };
      case 'TeamMemberAdded':
        return { ...team, members: new Set(team.members).add(event.data.userId) };
      case 'TeamMemberRemoved':
        return { ...team, members: without(team.members, event.data.userId) };
      case 'TeamDeactivated':
        return { ...team, status: 'inactive' };
      case 'TeamReactivated':
        return { ...team, status: 'active' };
    }
  },
};

/** A team after what the log tells of it; the codec has checked that it is about teams. */
export const teamAfter = (history: readonly { type: string; data: unknown }[]): TeamState =>
  (history as readonly TeamEvent[]).reduce(teamDecider.evolve, teamDecider.initial);

const newTeam = (data: DataOf<'TeamCreated'>): KnownTeam => ({
  status: 'active',
  name: data.name,
  description: data.description,
  requiredLabels: data.requiredLabels,
  labelPatterns: data.labelPatterns,
  runnerGroupIds: data.runnerGroupIds,
  maxRunners: data.maxRunners,
  members: new Set(),
});

const without = (members: ReadonlySet<string>, userId: string): ReadonlySet<string> =>
  new Set([...members].filter((member) => member !== userId));
