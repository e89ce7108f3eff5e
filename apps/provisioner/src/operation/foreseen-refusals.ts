import { Team, UserAccount } from '#libs/access';
import type { BatchAction, OperationView, ProblemCode } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { RunnerSlot } from '../capacity/runner-slot.entity.js';

type Detail = OperationView['details'][number];

/** What would become of each of these targets, as far as the rows tell. */
export const foreseen = async (
  em: EntityManager,
  action: BatchAction,
  targetIds: readonly string[],
): Promise<Detail[]> => {
  const refusalOf = await refusals(em, action, targetIds);
  return targetIds.map((targetId) => ({ targetId, success: true, ...refusalOf(targetId) }));
};

type Refusal = { success: false; code: ProblemCode; detail: string };
const refused = (code: ProblemCode, detail: string): Refusal => ({ success: false, code, detail });

const refusals = async (
  em: EntityManager,
  action: BatchAction,
  targetIds: readonly string[],
): Promise<(targetId: string) => Refusal | undefined> => {
  const id = { $in: [...targetIds] };
  switch (action) {
    case 'disable-users':
    case 'restore-users':
      return unlessActive(
        await em.find(UserAccount, { id }),
        action === 'disable-users',
        refused('user-unknown', 'There is no such user.'),
      );
    case 'deactivate-teams':
    case 'reactivate-teams':
      return unlessActive(
        await em.find(Team, { id }),
        action === 'deactivate-teams',
        refused('team-unknown', 'There is no such team.'),
      );
    case 'delete-runners': {
      const living = new Set((await em.find(RunnerSlot, { runnerId: id })).map(({ runnerId }) => runnerId));
      const ended = refused('runner-unknown', 'There is no such runner, or it has ended.');
      return (targetId) => (living.has(targetId) ? undefined : ended);
    }
  }
};

const unlessActive = (
  rows: readonly { id: string; isActive: boolean }[],
  isActive: boolean,
  unknown: Refusal,
): ((targetId: string) => Refusal | undefined) => {
  const activity = new Map(rows.map((row) => [row.id, row.isActive]));
  const already = isActive
    ? refused('already-inactive', 'It is deactivated already.')
    : refused('already-active', 'It is active.');
  return (targetId) => {
    const found = activity.get(targetId);
    if (found === undefined) return unknown;
    return found === isActive ? undefined : already;
  };
};
