import { MachineClient, type MachineClientRow } from '#libs/access';
import type { ListMachineClients, machineClientSortFields } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { given, orderBy } from '../tenancy/conditions.js';

const SORT_COLUMNS: Record<(typeof machineClientSortFields)[number], keyof MachineClientRow & string> = {
  created_at: 'createdAt',
  client_id: 'clientId',
  last_used_at: 'lastUsedAt',
};

/** One page of the clients asked for, and how many there are in all. */
export const searchMachineClients = async (
  em: EntityManager,
  { teamId, isActive, sort, limit, offset }: ListMachineClients,
): Promise<{ rows: MachineClientRow[]; total: number }> => {
  const conditions = given([
    { isRemoved: false },
    teamId === undefined ? undefined : { teamId },
    isActive === undefined ? undefined : { isActive },
  ]);
  const [rows, total] = await em.findAndCount(
    MachineClient,
    { $and: conditions },
    { limit, offset, orderBy: orderBy(sort, SORT_COLUMNS), disableIdentityMap: true },
  );
  return { rows, total };
};
