import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

export const severity = z.enum(['low', 'medium', 'high', 'critical']);

export const securityEventSchemas = {
  /** A provisioning that was refused before any runner stream began. */
  ProvisioningRefused: z.object({
    /** Problem code. */
    code: z.string(),
    detail: z.string(),
    runnerName: z.string().optional(),
    labels: z.array(z.string()),
    teamId: uuid.optional(),
    members: z.record(z.string(), z.unknown()),
    refusedAt: instant,
  }),
  /** Somebody was turned away at the edge; recorded once per source, code and minute. */
  AccessRefused: z.object({
    code: z.string(),
    detail: z.string(),
    /** What was asked for, as `METHOD /path/:parameter`. */
    route: z.string().optional(),
    refusedAt: instant,
  }),
};

export type SecurityEvent = EventsOf<typeof securityEventSchemas>;
export const securityEvent = eventConstructor<SecurityEvent>();
