import { z } from 'zod';
import { uuid } from '../message.js';

export const describeCallerSchema = z.object({});

/** A machine has no user behind it; its id is the client's or the trust rule's. */
export const callerDescriptionSchema = z.object({
  userId: uuid,
  email: z.string().optional(),
  displayName: z.string().optional(),
  oidcIssuer: z.string(),
  oidcSub: z.string(),
  isAdmin: z.boolean(),
  canUseJit: z.boolean(),
  canUseRegistrationToken: z.boolean(),
  roles: z.array(z.string()),
  teams: z.array(z.object({ id: uuid, name: z.string() })),
});
export type CallerDescription = z.infer<typeof callerDescriptionSchema>;

/** What a provisioning would come to, and every reason against it; nothing is done. */
export const provisioningCheckedSchema = z.object({
  allowed: z.boolean(),
  labels: z.array(z.string()),
  reasons: z.array(z.object({ code: z.string(), detail: z.string() })),
});
