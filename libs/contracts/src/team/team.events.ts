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
  TeamMaxRunnersSet: z.object({
    teamId: uuid,
    maxRunners: z.number().int().positive().optional(),
    setAt: instant,
  }),
  TeamLabelPatternsSet: z.object({ teamId: uuid, labelPatterns: z.array(z.string()), setAt: instant }),
  TeamMemberAdded: z.object({ teamId: uuid, userId: uuid, addedAt: instant }),
};

export type TeamEvent = EventsOf<typeof teamEventSchemas>;
export const teamEvent = eventConstructor<TeamEvent>();
