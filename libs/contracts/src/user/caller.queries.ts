import { z } from 'zod';
import { uuid } from '../message.js';

export const describeCallerSchema = z.object({});

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
