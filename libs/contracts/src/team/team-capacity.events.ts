import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

export const teamCapacityEventSchemas = {
  RunnerSlotReserved: z.object({ teamId: uuid, runnerId: uuid, reservedAt: instant }),
  RunnerSlotReleased: z.object({ teamId: uuid, runnerId: uuid, releasedAt: instant }),
  /** All slots in use at this point, so that a fold need not start at the beginning. */
  TeamCapacitySnapshotTaken: z.object({ teamId: uuid, runnerIds: z.array(uuid) }),
};

export type TeamCapacityEvent = EventsOf<typeof teamCapacityEventSchemas>;
export const teamCapacityEvent = eventConstructor<TeamCapacityEvent>();
