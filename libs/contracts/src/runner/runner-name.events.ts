import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';
import { scopeSchema } from './runner.events.js';

export const runnerNameEventSchemas = {
  RunnerNameClaimed: z.object({
    scope: scopeSchema,
    installationId: z.number().int(),
    runnerName: z.string(),
    runnerId: uuid,
    claimedAt: instant,
  }),
  RunnerNameReleased: z.object({ runnerId: uuid, releasedAt: instant }),
};

export type RunnerNameEvent = EventsOf<typeof runnerNameEventSchemas>;
export const runnerNameEvent = eventConstructor<RunnerNameEvent>();
