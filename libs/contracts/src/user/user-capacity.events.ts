import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';
import { slotRepair } from '../team/team-capacity.events.js';

/** Slots of the runners a user provisioned without a team. */
export const userCapacityEventSchemas = {
  UserSlotReserved: z.object({ userId: uuid, runnerId: uuid, reservedAt: instant }),
  UserSlotReleased: z.object({ userId: uuid, runnerId: uuid, releasedAt: instant }),
  /** The self-check found a slot that did not fit its runner, and set it right. */
  UserSlotRepaired: z.object({ userId: uuid, runnerId: uuid, repair: slotRepair, repairedAt: instant }),
  /** All slots in use at this point, so that a fold need not start at the beginning. */
  UserCapacitySnapshotTaken: z.object({ userId: uuid, runnerIds: z.array(uuid) }),
};

export type UserCapacityEvent = EventsOf<typeof userCapacityEventSchemas>;
export const userCapacityEvent = eventConstructor<UserCapacityEvent>();
