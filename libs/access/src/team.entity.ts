import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Recorded, TeamEvent } from '#libs/contracts';
import { createdBy, createdByProperties } from './created-by.js';

export const Team = defineEntity({
  name: 'Team',
  tableName: 'team',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    description: p.string().nullable(),
    requiredLabels: p.json<string[]>(),
    /** RE2 patterns; a label must match one of them in full. */
    labelPatterns: p.json<string[]>(),
    /** Empty: only the default runner group. */
    runnerGroupIds: p.json<number[]>(),
    /** Absent: no quota. */
    maxRunners: p.integer().nullable(),
    isActive: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    ...createdByProperties,
    deactivatedAt: p.datetime().nullable(),
    deactivatedByUserId: p.string().nullable(),
    deactivationReason: p.string().nullable(),
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type TeamRow = InferEntity<typeof Team>;

export const TeamMember = defineEntity({
  name: 'TeamMember',
  tableName: 'team_member',
  properties: {
    teamId: p.string().primary(),
    userId: p.string().primary(),
    addedAt: p.datetime(),
  },
});
export type TeamMemberRow = InferEntity<typeof TeamMember>;

export const teamIdOf = ({ data }: Recorded<TeamEvent>): string => data.teamId;

/** A team's row after one more fact; the same row when the fact is in it already or changes nothing shown. */
export const teamAfter = (row: TeamRow | undefined, fact: Recorded<TeamEvent>): TeamRow | undefined => {
  if (row && fact.position <= row.position) return row;
  if (fact.type === 'TeamCreated') return newTeam(fact);
  if (!row || fact.type === 'TeamMemberAdded' || fact.type === 'TeamMemberRemoved') return row;
  const { position, recordedAt } = fact;
  return { ...row, ...changeIn(fact), updatedAt: recordedAt, position };
};

type Change = Exclude<TeamEvent['type'], 'TeamCreated' | 'TeamMemberAdded' | 'TeamMemberRemoved'>;

const changeIn = (fact: Recorded<Extract<TeamEvent, { type: Change }>>): Partial<TeamRow> => {
  switch (fact.type) {
    case 'TeamRenamed':
      return { name: fact.data.name };
    case 'TeamDescriptionSet':
      return { description: fact.data.description ?? null };
    case 'TeamRequiredLabelsSet':
      return { requiredLabels: fact.data.requiredLabels };
    case 'TeamLabelPatternsSet':
      return { labelPatterns: fact.data.labelPatterns };
    case 'TeamRunnerGroupsSet':
      return { runnerGroupIds: fact.data.runnerGroupIds };
    case 'TeamMaxRunnersSet':
      return { maxRunners: fact.data.maxRunners ?? null };
    case 'TeamDeactivated':
      return {
        isActive: false,
        deactivatedAt: new Date(fact.data.deactivatedAt),
        deactivatedByUserId: fact.metadata.actor.userId ?? null,
        deactivationReason: fact.data.reason,
      };
    case 'TeamReactivated':
      return { isActive: true, deactivatedAt: null, deactivatedByUserId: null, deactivationReason: null };
  }
};

const newTeam = ({
  data,
  metadata,
  position,
}: Recorded<Extract<TeamEvent, { type: 'TeamCreated' }>>): TeamRow => {
  const { teamId, name, description, requiredLabels, labelPatterns, runnerGroupIds, maxRunners } = data;
  return {
    id: teamId,
    name,
    description: description ?? null,
    requiredLabels,
    labelPatterns,
    runnerGroupIds,
    maxRunners: maxRunners ?? null,
    isActive: true,
    createdAt: new Date(data.createdAt),
    updatedAt: new Date(data.createdAt),
    ...createdBy(metadata.actor),
    deactivatedAt: null,
    deactivatedByUserId: null,
    deactivationReason: null,
    position,
  };
};
