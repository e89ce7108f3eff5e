import { z } from 'zod';
import { uuid } from '../message.js';

const description = z.string().trim().max(500);
/** Some issuers write it as `<id>@clients` into their tokens; it is the same client. */
const clientId = z
  .string()
  .trim()
  .max(255)
  .transform((id) => id.replace(/@clients$/, ''))
  .pipe(z.string().min(1));

export const registerMachineClientSchema = z.object({
  machineClientId: uuid,
  clientId,
  /** Absent: the environment's issuer. */
  oidcIssuer: z.string().min(1).max(512).optional(),
  teamId: uuid,
  description: description.optional(),
});
export type RegisterMachineClientRequest = z.infer<typeof registerMachineClientSchema>;

/** Absent = keep, null = clear (RFC 7396). */
export const changeMachineClientSchema = z.object({
  machineClientId: uuid,
  description: description.nullable().optional(),
  isActive: z.boolean().optional(),
});
export type ChangeMachineClientRequest = z.infer<typeof changeMachineClientSchema>;

export const removeMachineClientSchema = z.object({ machineClientId: uuid });
