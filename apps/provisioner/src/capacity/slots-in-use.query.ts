import type { EntityManager } from '#libs/read-model';

/** How many slots each of these teams or users has in use; who has none is missing. */
export const slotsInUse = async (
  em: EntityManager,
  holderKind: 'team' | 'user',
  holderIds: readonly string[],
): Promise<ReadonlyMap<string, number>> => {
  if (holderIds.length === 0) return new Map();
  const counts = await em.execute<{ holder_id: string; amount: number | string }[]>(
    `select holder_id, count(*) as amount from runner_slot
     where holder_kind = ? and is_held and holder_id in (${holderIds.map(() => '?').join()})
     group by holder_id`,
    [holderKind, ...holderIds],
  );
  return new Map(counts.map(({ holder_id, amount }) => [holder_id, Number(amount)]));
};
