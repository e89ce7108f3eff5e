import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { subjects } from '#libs/contracts';
import { Bus } from '#libs/messaging';
import { KnownPositions } from '../caller/known-positions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { toSnakeCase } from '../http/snake-case.js';
import { staleWarning } from '../http/stale-warning.js';
import { auditLogResponseSchema } from './audit-log.response.js';
import {
  type SearchAuditRecordsQuery,
  searchAuditRecordsFrom,
  searchAuditRecordsQuerySchema,
} from './search-audit-records.request.js';

@ApiTags('audit')
@ApiBearerAuth()
@Controller('api/v1/audit-logs')
export class AuditRecordsHttpController {
  constructor(
    private readonly bus: Bus,
    private readonly positions: KnownPositions,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Search the audit log, newest first' })
  @answers(200, auditLogResponseSchema)
  @mayAnswer(401, 403, 422, 503)
  async search(
    @Query({ schema: searchAuditRecordsQuerySchema }) query: SearchAuditRecordsQuery,
    @AskedBy() { caller, context }: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const knownPosition = this.positions.of(caller);
    const { logs, total, fresh } = await this.bus.ask(
      subjects.searchAuditRecords,
      searchAuditRecordsFrom(query),
      {
        ...context,
        ...(knownPosition === undefined ? {} : { knownPosition }),
      },
    );
    staleWarning(reply, fresh);
    return {
      logs: logs.map(({ eventData, ...log }) => ({ ...withoutData(log), event_data: eventData })),
      total,
    };
  }
}

/** The event's own data keeps the names it was recorded with. */
const withoutData = (log: object): Record<string, unknown> => toSnakeCase(log) as Record<string, unknown>;
