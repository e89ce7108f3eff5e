import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** What was missing, or left over, in comparison with the runners. */
export const slotRepair = z.enum(['reserved', 'released']);
export type SlotRepair = z.infer<typeof slotRepair>;

export const teamCapacityEventSchemas = {
  RunnerSlotReserved: z.object({ teamId: uuid, runnerId: uuid, reservedAt: instant }),
  RunnerSlotReleased: z.object({ teamId: uuid, runnerId: uuid, releasedAt: instant }),
  /** The team has been deactivated: no slot is given any more, whatever was planned before. */
  TeamCapacityClosed: z.object({ teamId: uuid, closedAt: instant }),
  TeamCapacityOpened: z.object({ teamId: uuid, openedAt: instant }),
  /** The self-check found a slot that did not fit its runner, and set it right. */
  RunnerSlotRepaired: z.object({ teamId: uuid, runnerId: uuid, repair: slotRepair, repairedAt: instant }),
  /** All slots in use at this point, so that a fold need not start at the beginning. */
  TeamCapacitySnapshotTaken: z.object({
    teamId: uuid,
    runnerIds: z.array(uuid),
    closed: z.boolean().optional(),
  }),
};

export type TeamCapacityEvent = EventsOf<typeof teamCapacityEventSchemas>;
export const teamCapacityEvent = eventConstructor<TeamCapacityEvent>();
