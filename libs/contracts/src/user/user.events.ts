import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** The only facts, beside `email-*`, that hold an e-mail. */
export const userEventSchemas = {
  UserCreated: z.object({
    userId: uuid,
    email: z.string().optional(),
    displayName: z.string().optional(),
    isAdmin: z.boolean(),
    canUseJit: z.boolean(),
    canUseRegistrationToken: z.boolean(),
    createdAt: instant,
  }),
  /** From now on this issuer + subject is this user. */
  UserIdentityBound: z.object({ userId: uuid, issuer: z.string(), subject: z.string(), boundAt: instant }),
};
export type UserEvent = EventsOf<typeof userEventSchemas>;
export const userEvent = eventConstructor<UserEvent>();

export const identityEventSchemas = {
  IdentityClaimed: z.object({ issuer: z.string(), subject: z.string(), userId: uuid, claimedAt: instant }),
};
export type IdentityEvent = EventsOf<typeof identityEventSchemas>;
export const identityEvent = eventConstructor<IdentityEvent>();
