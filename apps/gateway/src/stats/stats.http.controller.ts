import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { staleWarning } from '../http/stale-warning.js';
import { gatherStats } from './gather-stats.js';
import { statsExample, statsSchema } from './stats.response.js';

/** The whole service in figures. */
@ApiTags('stats')
@ApiBearerAuth()
@Controller('api/v1/admin/stats')
export class StatsHttpController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({
    summary: 'The service in figures',
    description:
      'Runners by status and team (deleted ones since the beginning), users, teams and machine clients, security events and audit records in all and of the last 24 hours, and how far each view is behind the log. An app that does not answer within a few seconds is named in `missing`, and its figures are absent: `runners`, `users`, `teams` and `machine_clients` are the dashboard’s, `security` and `audit` the audit’s.',
  })
  @answers(200, statsSchema, statsExample)
  @mayAnswer('admin-required')
  async stats(@AskedBy() asking: Asking) {
    const { stats, fresh } = await gatherStats(this.questions, asking);
    staleWarning(asking.reply, fresh);
    return toSnakeCase(stats);
  }
}
