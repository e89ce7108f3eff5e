import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** What a user without a team may put on a runner. */
export const labelPolicyEventSchemas = {
  LabelPolicySet: z.object({
    userId: uuid,
    /** Exact labels, or with `*` for any run of characters. */
    allowedLabels: z.array(z.string()),
    /** RE2 patterns; a label must match one of them in full. */
    labelPatterns: z.array(z.string()),
    /** Absent: no quota. */
    maxRunners: z.number().int().positive().optional(),
    description: z.string().optional(),
    setAt: instant,
  }),
  LabelPolicyRemoved: z.object({ userId: uuid, removedAt: instant }),
};
export type LabelPolicyEvent = EventsOf<typeof labelPolicyEventSchemas>;
export const labelPolicyEvent = eventConstructor<LabelPolicyEvent>();
