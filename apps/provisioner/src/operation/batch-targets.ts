import { Inject, Injectable } from '@nestjs/common';
import { findUserIds, Team, UserAccount } from '#libs/access';
import { Problem, type RunBatchRequest } from '#libs/contracts';
import type { Database, EntityManager } from '#libs/read-model';
import { RunnerSlot } from '../capacity/runner-slot.entity.js';
import { DATABASE } from '../provisioner.tokens.js';
import type { Acting } from '../tenancy/acting.js';

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

  /** Of the rows as they are; named ones as they were named. */
  async of(request: RunBatchRequest, acting: Acting): Promise<readonly string[]> {
    const em = this.database.em();
    switch (request.action) {
      case 'disable-users':
        return request.userIds ?? (await this.usersToDisable(em, request, acting));
      case 'restore-users':
        return request.userIds ?? idsOf(await em.find(UserAccount, { isActive: false }, BY_ID));
      case 'deactivate-teams':
        return request.teamIds ?? idsOf(await em.find(Team, { isActive: true }, BY_ID));
      case 'reactivate-teams':
        return request.teamIds ?? idsOf(await em.find(Team, { isActive: false }, BY_ID));
      case 'delete-runners':
        return request.runnerIds ?? (await this.runners(em, request));
    }
  }

  /** Never the caller: somebody has to be left to put things right. */
  private async usersToDisable(
    em: EntityManager,
    { includeAdmins }: RunBatchRequest,
    { userId }: Acting,
  ): Promise<string[]> {
    const active = await em.find(
      UserAccount,
      { isActive: true, id: { $ne: userId }, ...(includeAdmins ? {} : { isAdmin: false }) },
      BY_ID,
    );
    return idsOf(active);
  }

  /** Runners that are being requested have no more than their slot yet. */
  private async runners(em: EntityManager, { teamId, userIdentity, all }: RunBatchRequest) {
    if (teamId !== undefined) return runnersWhere(em, { holderKind: 'team', holderId: teamId });
    if (userIdentity !== undefined)
      return runnersWhere(em, { provisionedBy: { $in: await findUserIds(em, userIdentity) } });
    return all ? runnersWhere(em, {}) : [];
  }
}

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
