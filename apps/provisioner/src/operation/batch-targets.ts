import { Inject, Injectable } from '@nestjs/common';
import { findActorIds, Team, UserAccount } from '#libs/access';
import {
  type BatchAction,
  type BatchSelection,
  type OperationView,
  Problem,
  type RunBatchRequest,
} from '#libs/contracts';
import type { Database, EntityManager } from '#libs/read-model';
import { RunnerSlot } from '../capacity/runner-slot.entity.js';
import { DATABASE } from '../provisioner.tokens.js';
import type { Acting } from '../tenancy/acting.js';
import { foreseen } from './foreseen-refusals.js';
import type { Meant } from './operation.decider.js';

/** Whom a batch means. */
@Injectable()
export class BatchTargets {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @throws Problem `request-invalid` when nobody is meant */
  check(request: RunBatchRequest): void {
    const { action } = request;
    const chosen = choicesOf(request);
    if (chosen.length === 1) return;
    const known = CHOICES[action].join(', ');
    const message =
      chosen.length === 0 ? `say who is meant: one of ${known}` : `choose one of ${chosen.join(', ')}`;
    throw new Problem('request-invalid', `A batch needs its targets: ${message}.`, {
      members: { errors: [{ field: chosen[0] ?? CHOICES[action][0], message }] },
    });
  }

  /**
   * What a request names, or what has to be looked up for it; e-mails are looked up here, they stay out of the log.
   * @throws Problem `user-unknown`, `team-unknown`: a slip of the pen must not pass for "done, there were none"
   */
  async meantBy(request: RunBatchRequest, { userId }: Acting): Promise<Meant> {
    const { all, includeAdmins, teamId, userIdentity } = request;
    const em = this.database.em();
    if (all) return { selection: { of: 'all', includeAdmins, sparedUserId: userId } };
    if (teamId !== undefined) {
      if ((await em.count(Team, { id: teamId })) === 0) throw unknownTeam();
      return { selection: { of: 'team', teamId } };
    }
    if (userIdentity !== undefined) {
      const userIds = await findActorIds(em, userIdentity);
      if (userIds.length === 0) throw unknownUser();
      return { selection: { of: 'users', userIds } };
    }
    return { targetIds: request.userIds ?? request.teamIds ?? request.runnerIds ?? [] };
  }

  /** What would become of each target. */
  async foreseen(action: BatchAction, meant: Meant): Promise<OperationView['details']> {
    const targetIds = 'targetIds' in meant ? meant.targetIds : await this.chosen(action, meant.selection);
    return foreseen(this.database.em(), action, [...new Set(targetIds)]);
  }

  /** Of the rows as they are. */
  async chosen(action: BatchAction, selection: BatchSelection): Promise<readonly string[]> {
    const em = this.database.em();
    if (selection.of === 'team') return runnersWhere(em, { holderKind: 'team', holderId: selection.teamId });
    if (selection.of === 'users') return runnersWhere(em, { provisionedBy: { $in: selection.userIds } });
    switch (action) {
      case 'disable-users':
        return idsOf(await em.find(UserAccount, usersToDisable(selection), BY_ID));
      case 'restore-users':
        return idsOf(await em.find(UserAccount, { isActive: false }, BY_ID));
      case 'deactivate-teams':
        return idsOf(await em.find(Team, { isActive: true }, BY_ID));
      case 'reactivate-teams':
        return idsOf(await em.find(Team, { isActive: false }, BY_ID));
      case 'delete-runners':
        return runnersWhere(em, {});
    }
  }
}

const unknownTeam = () => new Problem('team-unknown', 'There is no such team. Look the id up in the list.');
const unknownUser = () =>
  new Problem(
    'user-unknown',
    'No user and no machine has this e-mail, issuer|subject or id. Look at provisioned_by of a runner.',
  );

const usersToDisable = ({ includeAdmins, sparedUserId }: Extract<BatchSelection, { of: 'all' }>) => ({
  isActive: true,
  id: { $ne: sparedUserId },
  ...(includeAdmins ? {} : { isAdmin: false }),
});

/** Runners that are being requested have no more than their slot yet. */
const runnersWhere = async (em: EntityManager, condition: object): Promise<string[]> => {
  const rows = await em.find(RunnerSlot, condition, { orderBy: { runnerId: 'asc' } });
  return rows.map(({ runnerId }) => runnerId);
};

const BY_ID = { orderBy: { id: 'asc' } } as const;
const idsOf = (rows: readonly { id: string }[]) => rows.map(({ id }) => id);

/** In the words of the request's body. */
const CHOICES = {
  'disable-users': ['user_ids', 'all'],
  'restore-users': ['user_ids', 'all'],
  'deactivate-teams': ['team_ids', 'all'],
  'reactivate-teams': ['team_ids', 'all'],
  'delete-runners': ['runner_ids', 'user_identity', 'team_id', 'all'],
} as const;

const choicesOf = (request: RunBatchRequest): string[] => {
  const { userIds, runnerIds, teamIds, userIdentity, teamId, all } = request;
  const made: Record<string, boolean> = {
    user_ids: (userIds?.length ?? 0) > 0,
    runner_ids: (runnerIds?.length ?? 0) > 0,
    team_ids: (teamIds?.length ?? 0) > 0,
    user_identity: userIdentity !== undefined,
    team_id: teamId !== undefined,
    all,
  };
  return CHOICES[request.action].filter((choice) => made[choice]);
};
