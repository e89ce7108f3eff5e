import { displayIdentities, MachineClient, type MachineClientRow } from '#libs/access';
import type { MachineClientView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';
import { shownMaker } from '../tenancy/shown-maker.js';

/** Rows as administrators see them. */
export const machineClientViews = async (
  em: EntityManager,
  rows: readonly MachineClientRow[],
): Promise<MachineClientView[]> => {
  const makers = await displayIdentities(
    em,
    rows.flatMap(({ createdByUserId }) => createdByUserId ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    clientId: row.clientId,
    oidcIssuer: row.issuer,
    teamId: row.teamId,
    ...present('description', row.description),
    isActive: row.isActive,
    createdAt: row.createdAt.toISOString(),
    createdBy: shownMaker(row, makers),
    ...present('lastUsedAt', row.lastUsedAt?.toISOString()),
  }));
};

/** Removed ones are shown to whoever has just removed them, and to nobody else. */
export const findMachineClientView = async (
  em: EntityManager,
  id: string,
  { removed }: { removed: boolean },
): Promise<MachineClientView | undefined> => {
  const row = await em.findOne(MachineClient, { id, isRemoved: removed });
  const [view] = row ? await machineClientViews(em, [row]) : [];
  return view;
};
