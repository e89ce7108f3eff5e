import { type Decision, type TeamEvent, teamEvent } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type TeamState =
  | { status: 'unknown' }
  | {
      status: 'active';
      members: ReadonlySet<string>;
      maxRunners: number | undefined;
      labelPatterns: readonly string[];
    };

type DataOf<Type extends TeamEvent['type']> = Extract<TeamEvent, { type: Type }>['data'];
export type CreateTeam = { type: 'CreateTeam' } & DataOf<'TeamCreated'>;
export type SetMaxRunners = { type: 'SetMaxRunners' } & DataOf<'TeamMaxRunnersSet'>;
export type SetLabelPatterns = { type: 'SetLabelPatterns' } & DataOf<'TeamLabelPatternsSet'>;
export type AddMember = { type: 'AddMember' } & DataOf<'TeamMemberAdded'>;
export type TeamCommand = CreateTeam | SetMaxRunners | SetLabelPatterns | AddMember;

const createTeam = ({ type: _, ...team }: CreateTeam, state: TeamState): Decision<TeamEvent> =>
  state.status === 'unknown' ? [teamEvent('TeamCreated')(team)] : [];

const setMaxRunners = ({ type: _, ...set }: SetMaxRunners, state: TeamState): Decision<TeamEvent> =>
  state.status === 'active' && state.maxRunners !== set.maxRunners
    ? [teamEvent('TeamMaxRunnersSet')(set)]
    : [];

const setLabelPatterns = ({ type: _, ...set }: SetLabelPatterns, state: TeamState): Decision<TeamEvent> =>
  state.status === 'active' && state.labelPatterns.join('\n') !== set.labelPatterns.join('\n')
    ? [teamEvent('TeamLabelPatternsSet')(set)]
    : [];

const addMember = ({ type: _, ...added }: AddMember, state: TeamState): Decision<TeamEvent> =>
  state.status === 'active' && !state.members.has(added.userId) ? [teamEvent('TeamMemberAdded')(added)] : [];

/** A team, its quota and its label policy. */
export const teamDecider: Decider<TeamCommand, TeamState, TeamEvent> = {
  initial: { status: 'unknown' },
  decide: (command, state) => {
    switch (command.type) {
      case 'CreateTeam':
        return createTeam(command, state);
      case 'SetMaxRunners':
        return setMaxRunners(command, state);
      case 'SetLabelPatterns':
        return setLabelPatterns(command, state);
      case 'AddMember':
        return addMember(command, state);
    }
  },
  evolve: (state, event) => {
    if (event.type === 'TeamCreated') {
      const { maxRunners, labelPatterns } = event.data;
      return { status: 'active', members: new Set(), maxRunners, labelPatterns };
    }
    if (state.status === 'unknown') return state;
    switch (event.type) {
      case 'TeamMaxRunnersSet':
        return { ...state, maxRunners: event.data.maxRunners };
      case 'TeamLabelPatternsSet':
        return { ...state, labelPatterns: event.data.labelPatterns };
      case 'TeamMemberAdded':
        return { ...state, members: new Set(state.members).add(event.data.userId) };
    }
  },
};
