import { z } from 'zod';
import {
  changeMachineClientSchema,
  listMachineClientsSchema,
  registerMachineClientSchema,
  uuid,
} from '#libs/contracts';
import { flagQuery, pageQuery } from '../http/page.request.js';

const registered = registerMachineClientSchema.shape;
const changed = changeMachineClientSchema.shape;

export const registerMachineClientRequestSchema = z
  .strictObject({
    client_id: registered.clientId,
    oidc_issuer: registered.oidcIssuer.describe("Left out: the environment's issuer"),
    team_id: registered.teamId,
    description: registered.description,
  })
  .meta({ example: { client_id: 'shop-pipeline', team_id: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02' } });
export type RegisterMachineClientRequest = z.infer<typeof registerMachineClientRequestSchema>;

/** JSON merge patch: absent = keep, null = clear. */
export const changeMachineClientRequestSchema = z
  .strictObject({ description: changed.description, is_active: changed.isActive })
  .meta({ example: { description: null, is_active: false } });
export type ChangeMachineClientRequest = z.infer<typeof changeMachineClientRequestSchema>;

export const listMachineClientsQuerySchema = z.strictObject({
  ...pageQuery,
  sort: listMachineClientsSchema.shape.sort,
  team_id: uuid.optional(),
  is_active: flagQuery.optional(),
});
export type ListMachineClientsQuery = z.infer<typeof listMachineClientsQuerySchema>;
