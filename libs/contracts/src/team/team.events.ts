import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

export const teamEventSchemas = {
  TeamCreated: z.object({
    teamId: uuid,
    name: z.string(),
    description: z.string().optional(),
    requiredLabels: z.array(z.string()),
    /** RE2 patterns; a label must match one of them in full. */
    labelPatterns: z.array(z.string()),
    /** Empty: only the default runner group. */
    runnerGroupIds: z.array(z.number().int()),
    /** Absent: no quota. */
    maxRunners: z.number().int().positive().optional(),
    createdAt: instant,
  }),
  TeamRenamed: z.object({ teamId: uuid, name: z.string(), renamedAt: instant }),
  /** Absent: the team has none any more. */
  TeamDescriptionSet: z.object({ teamId: uuid, description: z.string().optional(), setAt: instant }),
  TeamRequiredLabelsSet: z.object({ teamId: uuid, requiredLabels: z.array(z.string()), setAt: instant }),
  TeamLabelPatternsSet: z.object({ teamId: uuid, labelPatterns: z.array(z.string()), setAt: instant }),
  TeamRunnerGroupsSet: z.object({ teamId: uuid, runnerGroupIds: z.array(z.number().int()), setAt: instant }),
  TeamMaxRunnersSet: z.object({
    teamId: uuid,
    maxRunners: z.number().int().positive().optional(),
    setAt: instant,
  }),
  TeamMemberAdded: z.object({ teamId: uuid, userId: uuid, addedAt: instant }),
  TeamMemberRemoved: z.object({ teamId: uuid, userId: uuid, removedAt: instant }),
  TeamDeactivated: z.object({ teamId: uuid, reason: z.string(), deactivatedAt: instant }),
  TeamReactivated: z.object({ teamId: uuid, reactivatedAt: instant }),
};

export type TeamEvent = EventsOf<typeof teamEventSchemas>;
export const teamEvent = eventConstructor<TeamEvent>();

/** A name is at most one team's. */
export const teamNameEventSchemas = {
  TeamNameClaimed: z.object({ name: z.string(), teamId: uuid, claimedAt: instant }),
  TeamNameReleased: z.object({ teamId: uuid, releasedAt: instant }),
};

export type TeamNameEvent = EventsOf<typeof teamNameEventSchemas>;
export const teamNameEvent = eventConstructor<TeamNameEvent>();
