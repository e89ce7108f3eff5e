import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, securityEventListSchema, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import {
  type SearchRecordsQuery,
  searchRecordsQuerySchema,
} from '../audit-records/search-records.request.js';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/admin/security-events')
export class SecurityEventsHttpController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'Search the security events, newest first' })
  @answers(200, securityEventListSchema.omit({ fresh: true }), { events: [examples.securityEvent], total: 1 })
  @mayAnswer('admin-required', 'request-invalid')
  async search(
    @Query({ schema: searchRecordsQuerySchema }) query: SearchRecordsQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = { ...toCamelCase(query), asAdministrator: true };
    const { events, total } = await this.questions.read(subjects.searchSecurityEvents, search, asking);
    return toSnakeCase({ events, total });
  }
}
