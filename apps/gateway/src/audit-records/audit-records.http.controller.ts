import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { auditRecordListSchema, examples, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { type SearchRecordsQuery, searchRecordsQuerySchema } from './search-records.request.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/audit-logs')
export class AuditRecordsHttpController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Search the audit log, newest first' })
  @answers(200, auditRecordListSchema.omit({ fresh: true }), { logs: [examples.auditRecord], total: 1 })
  @mayAnswer('request-invalid')
  async search(
    @Query({ schema: searchRecordsQuerySchema }) query: SearchRecordsQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = toCamelCase(query);
    const { logs, total } = await this.questions.read(subjects.searchAuditRecords, search, asking);
    return toSnakeCase({ logs, total });
  }
}
