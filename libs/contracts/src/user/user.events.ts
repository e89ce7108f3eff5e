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
  /** Absent: the user has none any more. */
  UserEmailSet: z.object({ userId: uuid, email: z.string().optional(), setAt: instant }),
  UserDisplayNameSet: z.object({ userId: uuid, displayName: z.string().optional(), setAt: instant }),
  /** Which ways of provisioning are open to the user. */
  UserPermissionsSet: z.object({
    userId: uuid,
    canUseJit: z.boolean(),
    canUseRegistrationToken: z.boolean(),
    setAt: instant,
  }),
  UserBecameAdmin: z.object({ userId: uuid, becameAdminAt: instant }),
  UserCeasedToBeAdmin: z.object({ userId: uuid, ceasedAt: instant }),
  UserDeactivated: z.object({ userId: uuid, reason: z.string(), deactivatedAt: instant }),
  UserActivated: z.object({ userId: uuid, activatedAt: instant }),
  /** Recorded at most once an hour and user. */
  UserLoggedIn: z.object({ userId: uuid, loggedInAt: instant }),
};
export type UserEvent = EventsOf<typeof userEventSchemas>;
export const userEvent = eventConstructor<UserEvent>();

export const identityEventSchemas = {
  IdentityClaimed: z.object({ issuer: z.string(), subject: z.string(), userId: uuid, claimedAt: instant }),
  /** The user it was claimed for could not be bound to it. */
  IdentityReleased: z.object({ userId: uuid, releasedAt: instant }),
};
export type IdentityEvent = EventsOf<typeof identityEventSchemas>;
export const identityEvent = eventConstructor<IdentityEvent>();

/** An e-mail names at most one user. */
export const emailEventSchemas = {
  EmailClaimed: z.object({ email: z.string(), userId: uuid, claimedAt: instant }),
  EmailReleased: z.object({ userId: uuid, releasedAt: instant }),
};
export type EmailEvent = EventsOf<typeof emailEventSchemas>;
export const emailEvent = eventConstructor<EmailEvent>();

/** All active administrators and the issuers closed to them, in one stream: two at a time cannot lock out the last one. */
export const adminRosterEventSchemas = {
  AdminAdded: z.object({ userId: uuid, addedAt: instant }),
  AdminRemoved: z.object({ userId: uuid, removedAt: instant }),
  /** Before its identity provider is switched off or removed: nobody signs in through it. */
  AdminIssuerClosed: z.object({ issuer: z.string(), closedAt: instant }),
  AdminIssuerReopened: z.object({ issuer: z.string(), reopenedAt: instant }),
};
export type AdminRosterEvent = EventsOf<typeof adminRosterEventSchemas>;
export const adminRosterEvent = eventConstructor<AdminRosterEvent>();
