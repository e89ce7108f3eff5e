import { randomUUID } from 'node:crypto';
import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, subjects, syncStatusSchema, syncTriggeredSchema } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { withoutBody } from '../http/without-body.js';
import { type TriggerSyncQuery, triggerSyncQuerySchema } from './trigger-sync.request.js';

const { cycleId, result } = examples.syncTriggered;
const triggered = syncTriggeredSchema.omit({ position: true });

/** How the service keeps up with GitHub. */
@ApiTags('sync')
@ApiBearerAuth()
@Controller('api/v1/admin/sync')
export class SyncHttpController {
  constructor(private readonly questions: Questions) {}

  @Get('status')
  @ApiOperation({
    summary: 'How polling gets on',
    description:
      'Who polls, what the last look at all runners came to, when the next one is, whether all webhook deliveries have arrived, what is left of the hourly budget at GitHub, and runners of the organisation that nobody provisioned here.',
  })
  @answers(200, syncStatusSchema, examples.syncStatus)
  @mayAnswer('admin-required', ...WHEN_RECORDING)
  async status(@AskedBy() asking: Asking) {
    return toSnakeCase(await this.questions.ask(subjects.syncStatus, {}, asking));
  }

  @Post('trigger')
  @HttpCode(202)
  @withoutBody()
  @ApiOperation({
    summary: 'Have all runners looked at now',
    description:
      'With `wait=true` the answer is the result, 200, or the problem it failed with; a look that takes longer than about a minute is answered 202 and goes on.',
  })
  @answers(200, triggered, { cycleId, result })
  @answers(202, triggered.omit({ result: true }), { cycleId })
  @mayAnswer(
    'admin-required',
    ...WITH_BODY,
    'github-refused',
    'github-rate-limited',
    'github-unavailable',
    'github-timeout',
    ...WHEN_RECORDING,
  )
  async trigger(
    @Query({ schema: triggerSyncQuerySchema }) { wait }: TriggerSyncQuery,
    @AskedBy() asking: Asking,
  ) {
    const command = { cycleId: randomUUID(), wait };
    const { position: _, ...answer } = await this.questions.write(subjects.triggerSync, command, asking);
    if (answer.result) asking.reply.status(200);
    return toSnakeCase(answer);
  }
}
