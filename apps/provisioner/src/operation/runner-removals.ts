import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Database } from '#libs/read-model';
import { RunnerSlot } from '../capacity/runner-slot.entity.js';
import type { Origin } from '../origin.js';
import { DATABASE } from '../provisioner.tokens.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { Operations } from './operations.js';

/** Takes the runners of a team that has been cut off away from GitHub. */
@Injectable()
export class RunnerRemovals {
  private readonly logger = new Logger('operations');

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly view: TenancyView,
    private readonly operations: Operations,
  ) {}

  /**
   * To be called once the team is deactivated: no further runner begins then. Goes on by itself.
   * @returns id of the operation that tells how far it is
   */
  async ofTeam(teamId: string, comment: string, origin: Origin): Promise<string> {
    const operationId = randomUUID();
    const at = new Date().toISOString();
    const requested = await this.operations.record(
      operationId,
      {
        type: 'RequestBatch',
        operationId,
        action: 'delete-runners',
        comment,
        deletionReason: 'team-suspended',
        at,
      },
      origin,
    );
    await this.view.reach(requested);
    const rows = await this.database.em().find(RunnerSlot, { holderKind: 'team', holderId: teamId });
    const targetIds = rows.map(({ runnerId }) => runnerId);
    await this.operations.record(operationId, { type: 'StartBatch', targetIds, at }, origin);
    this.operations
      .work(operationId)
      .catch((error: unknown) =>
        this.logger.warn({ err: error, operationId }, 'an operation is interrupted; it is taken up again'),
      );
    return operationId;
  }
}
