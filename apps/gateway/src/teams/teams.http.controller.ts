import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  auditRecordListSchema,
  examples,
  securityEventListSchema,
  subjects,
  teamListSchema,
  teamMemberListSchema,
  teamViewSchema,
} from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import {
  type SearchTeamRecordsQuery,
  searchTeamRecordsQuerySchema,
} from '../audit-records/search-records.request.js';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { idOr } from '../http/known-id.pipe.js';
import {
  type ListTeamMembersQuery,
  type ListTeamsQuery,
  listTeamMembersQuerySchema,
  listTeamsQuerySchema,
} from './team.request.js';

const teamId = idOr('team-unknown');
const asAdministrator = false;

/** The teams a caller belongs to; administrators see all. Another's team is not found. */
@ApiTags('teams')
@ApiBearerAuth()
@Controller('api/v1/teams')
export class TeamsHttpController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List the teams you may see' })
  @answers(200, teamListSchema.omit({ fresh: true }), { teams: [examples.team], total: 1 })
  @mayAnswer('request-invalid')
  async list(@Query({ schema: listTeamsQuerySchema }) query: ListTeamsQuery, @AskedBy() asking: Asking) {
    const search = { ...toCamelCase(query), own: false, asAdministrator };
    const { teams, total } = await this.questions.read(subjects.listTeams, search, asking);
    return toSnakeCase({ teams, total });
  }

  @Get(':team_id')
  @ApiOperation({ summary: 'One team you may see' })
  @answers(200, teamViewSchema, examples.team)
  @mayAnswer('team-unknown')
  async get(@Param('team_id', teamId) id: string, @AskedBy() asking: Asking) {
    const { team } = await this.questions.read(subjects.getTeam, { teamId: id, asAdministrator }, asking);
    return toSnakeCase(team);
  }

  @Get(':team_id/members')
  @ApiOperation({ summary: 'List the members of a team you may see' })
  @answers(200, teamMemberListSchema.omit({ fresh: true }), { members: [examples.teamMember], total: 1 })
  @mayAnswer('team-unknown', 'request-invalid')
  async members(
    @Param('team_id', teamId) id: string,
    @Query({ schema: listTeamMembersQuerySchema }) page: ListTeamMembersQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = { teamId: id, ...page, asAdministrator };
    const { members, total } = await this.questions.read(subjects.listTeamMembers, search, asking);
    return toSnakeCase({ members, total });
  }

  @Get(':team_id/audit-logs')
  @ApiOperation({ summary: 'Search the audit log of a team you may see, newest first' })
  @answers(200, auditRecordListSchema.omit({ fresh: true }), { logs: [examples.auditRecord], total: 1 })
  @mayAnswer('team-unknown', 'request-invalid')
  async auditLogs(
    @Param('team_id', teamId) id: string,
    @Query({ schema: searchTeamRecordsQuerySchema }) query: SearchTeamRecordsQuery,
    @AskedBy() asking: Asking,
  ) {
    await this.seen(id, asking);
    const search = { ...toCamelCase(query), team: id };
    const { logs, total } = await this.questions.read(subjects.searchAuditRecords, search, asking);
    return toSnakeCase({ logs, total });
  }

  @Get(':team_id/security-events')
  @ApiOperation({ summary: 'Search the security events of a team you may see, newest first' })
  @answers(200, securityEventListSchema.omit({ fresh: true }), { events: [examples.securityEvent], total: 1 })
  @mayAnswer('team-unknown', 'request-invalid')
  async securityEvents(
    @Param('team_id', teamId) id: string,
    @Query({ schema: searchTeamRecordsQuerySchema }) query: SearchTeamRecordsQuery,
    @AskedBy() asking: Asking,
  ) {
    await this.seen(id, asking);
    const search = { ...toCamelCase(query), team: id, asAdministrator };
    const { events, total } = await this.questions.read(subjects.searchSecurityEvents, search, asking);
    return toSnakeCase({ events, total });
  }

  /** That the team may be seen is decided where it is kept; the records of a hidden one would be just none. */
  private seen(id: string, asking: Asking) {
    return this.questions.ask(subjects.getTeam, { teamId: id, asAdministrator }, asking);
  }
}
