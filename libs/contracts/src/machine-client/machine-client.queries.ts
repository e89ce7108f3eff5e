import { z } from 'zod';
import { instant, uuid } from '../message.js';
import { pageSchema, sortBy } from '../page.js';

export const machineClientViewSchema = z.object({
  id: uuid,
  clientId: z.string(),
  oidcIssuer: z.string(),
  teamId: uuid,
  description: z.string().optional(),
  isActive: z.boolean(),
  createdAt: instant,
  /** E-mail, `issuer|subject`, or the app that did it. */
  createdBy: z.string(),
  lastUsedAt: instant.optional(),
});
export type MachineClientView = z.infer<typeof machineClientViewSchema>;

export const machineClientSortFields = ['created_at', 'client_id', 'last_used_at'] as const;

export const listMachineClientsSchema = pageSchema.extend({
  sort: sortBy(machineClientSortFields).default('-created_at'),
  teamId: uuid.optional(),
  isActive: z.boolean().optional(),
});
export type ListMachineClients = z.infer<typeof listMachineClientsSchema>;

export const getMachineClientSchema = z.object({ machineClientId: uuid });
export const machineClientListSchema = z.object({
  clients: z.array(machineClientViewSchema),
  total: z.number().int(),
  fresh: z.boolean(),
});
export const machineClientFoundSchema = z.object({ client: machineClientViewSchema, fresh: z.boolean() });
export const machineClientWrittenSchema = z.object({
  client: machineClientViewSchema,
  position: z.string().optional(),
});
