import { randomUUID } from 'node:crypto';
import { applyDecorators, Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type BatchAction, examples, type ProblemCode, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import {
  type BatchRequest,
  deactivateTeamsRequestSchema,
  deleteRunnersRequestSchema,
  disableUsersRequestSchema,
  reactivateTeamsRequestSchema,
  restoreUsersRequestSchema,
} from './batch.request.js';
import { batchAnswer, batchAnswerSchema, runningOperation } from './batch.response.js';

const batch = (action: BatchAction, summary: string, ...more: ProblemCode[]) =>
  applyDecorators(
    Post(action),
    HttpCode(200),
    ApiOperation({
      summary,
      description: 'More than 100 targets: 202, and the operation tells how far it has got.',
    }),
    answers(200, batchAnswerSchema, batchAnswer({ ...examples.operation, action }, false)),
    answers(202, batchAnswerSchema, batchAnswer({ ...runningOperation, action }, false)),
    mayAnswer('admin-required', ...more, ...WITH_BODY, ...WHEN_RECORDING),
  );

type AnyBatch = BatchRequest & { include_admins?: boolean; remove_runners?: boolean };

/** What is done to many at once when something has gone badly wrong. */
@ApiTags('batches')
@ApiBearerAuth()
@Controller('api/v1/admin/batch')
export class BatchesHttpController {
  constructor(private readonly questions: Questions) {}

  @batch('disable-users', 'Deactivate users')
  disableUsers(
    @Body({ schema: disableUsersRequestSchema }) request: BatchRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.run('disable-users', request, asking);
  }

  @batch('restore-users', 'Activate users again')
  restoreUsers(
    @Body({ schema: restoreUsersRequestSchema }) request: BatchRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.run('restore-users', request, asking);
  }

  @batch(
    'delete-runners',
    'Delete runners at GitHub, tried again until GitHub confirms',
    'user-unknown',
    'team-unknown',
  )
  deleteRunners(
    @Body({ schema: deleteRunnersRequestSchema }) request: BatchRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.run('delete-runners', request, asking);
  }

  @batch('deactivate-teams', 'Suspend teams')
  deactivateTeams(
    @Body({ schema: deactivateTeamsRequestSchema }) request: BatchRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.run('deactivate-teams', request, asking);
  }

  @batch('reactivate-teams', 'Let suspended teams work again')
  reactivateTeams(
    @Body({ schema: reactivateTeamsRequestSchema }) request: BatchRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.run('reactivate-teams', request, asking);
  }

  private async run(action: BatchAction, request: BatchRequest, asking: Asking) {
    const { includeAdmins = false, removeRunners = false, ...rest } = toCamelCase<AnyBatch>(request);
    const command = { operationId: randomUUID(), action, includeAdmins, removeRunners, ...rest };
    const { operation, dryRun } = await this.questions.write(subjects.runBatch, command, asking);
    if (operation.state === 'running') {
      asking.reply.status(202);
      createdAt(asking.reply, `/api/v1/admin/operations/${operation.operationId}`);
    }
    return toSnakeCase(batchAnswer(operation, dryRun));
  }
}
