import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** A client of some issuer that acts for one team by itself (OAuth 2.0 client credentials). */
export const machineClientEventSchemas = {
  MachineClientRegistered: z.object({
    machineClientId: uuid,
    issuer: z.string(),
    /** As the issuer names it. */
    clientId: z.string(),
    teamId: uuid,
    description: z.string().optional(),
    registeredAt: instant,
  }),
  MachineClientDescriptionSet: z.object({
    machineClientId: uuid,
    description: z.string().optional(),
    setAt: instant,
  }),
  MachineClientDeactivated: z.object({ machineClientId: uuid, deactivatedAt: instant }),
  MachineClientActivated: z.object({ machineClientId: uuid, activatedAt: instant }),
  MachineClientRemoved: z.object({ machineClientId: uuid, removedAt: instant }),
  /** Recorded at most once an hour and client. */
  MachineClientUsed: z.object({ machineClientId: uuid, usedAt: instant }),
};
export type MachineClientEvent = EventsOf<typeof machineClientEventSchemas>;
export const machineClientEvent = eventConstructor<MachineClientEvent>();

/** Issuer + client id is at most one machine client. */
export const clientIdEventSchemas = {
  ClientIdClaimed: z.object({
    issuer: z.string(),
    clientId: z.string(),
    machineClientId: uuid,
    claimedAt: instant,
  }),
  ClientIdReleased: z.object({ machineClientId: uuid, releasedAt: instant }),
};
export type ClientIdEvent = EventsOf<typeof clientIdEventSchemas>;
export const clientIdEvent = eventConstructor<ClientIdEvent>();

/** A team has at most one active machine client. */
export const teamClientEventSchemas = {
  TeamClientClaimed: z.object({ teamId: uuid, machineClientId: uuid, claimedAt: instant }),
  TeamClientReleased: z.object({ machineClientId: uuid, releasedAt: instant }),
};
export type TeamClientEvent = EventsOf<typeof teamClientEventSchemas>;
export const teamClientEvent = eventConstructor<TeamClientEvent>();
