import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import type { Origin } from '../origin.js';
import { Operations } from './operations.js';

/** Takes the runners of a team that has been cut off away from GitHub. */
@Injectable()
export class RunnerRemovals {
  private readonly logger = new Logger('operations');

  constructor(private readonly operations: Operations) {}

  /**
   * To be called once the team is deactivated: no further runner begins then. Goes on by itself.
   * @returns id of the operation that tells how far it is
   */
  async ofTeam(teamId: string, comment: string, origin: Origin): Promise<string> {
    const operationId = randomUUID();
    await this.operations.record(
      operationId,
      {
        type: 'RequestBatch',
        operationId,
        action: 'delete-runners',
        comment,
        deletionReason: 'team-suspended',
        selection: { of: 'team', teamId },
        at: new Date().toISOString(),
      },
      origin,
    );
    this.operations
      .work(operationId)
      .catch((error: unknown) =>
        this.logger.warn({ err: error, operationId }, 'an operation is interrupted; it is taken up again'),
      );
    return operationId;
  }
}
