import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant } from '../message.js';
import { scopeSchema } from '../runner/runner.events.js';
import { unmanagedRunnerSchema } from './sync-status.queries.js';

export const unmanagedRunnersEventSchemas = {
  /** Runners that were registered behind the service's back, told of once each. */
  UnmanagedRunnersSeen: z.object({
    scope: scopeSchema,
    installationId: z.number().int(),
    /** The new ones, at most 100. */
    runners: z.array(unmanagedRunnerSchema),
    /** How many there were altogether. */
    total: z.number().int(),
    seenAt: instant,
  }),
};

export type UnmanagedRunnersEvent = EventsOf<typeof unmanagedRunnersEventSchemas>;
export const unmanagedRunnersEvent = eventConstructor<UnmanagedRunnersEvent>();
