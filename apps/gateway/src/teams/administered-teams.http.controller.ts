import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, subjects, teamListSchema, teamViewSchema, teamWrittenSchema } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import { withoutBody } from '../http/without-body.js';
import {
  type ChangeTeamRequest,
  type CreateTeamRequest,
  changeTeamRequestSchema,
  createTeamRequestSchema,
  type DeactivateTeamRequest,
  deactivateTeamRequestSchema,
  type ListTeamsQuery,
  labelRulesFrom,
  listTeamsQuerySchema,
} from './team.request.js';

const teamId = idOr('team-unknown');
const asAdministrator = true;
const CHANGING = ['admin-required', 'team-unknown', ...WHEN_RECORDING] as const;
const { operationId } = teamWrittenSchema.shape;

/** All teams, for administrators. */
@ApiTags('teams')
@ApiBearerAuth()
@Controller('api/v1/admin/teams')
export class AdministeredTeamsHttpController {
  constructor(private readonly questions: Questions) {}

  @Post()
  @ApiOperation({ summary: 'Make a team' })
  @answers(201, teamViewSchema, examples.team)
  @mayAnswer('admin-required', 'already-exists', 'pattern-invalid', ...WITH_BODY, ...WHEN_RECORDING)
  async create(
    @Body({ schema: createTeamRequestSchema }) request: CreateTeamRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { teamId: randomUUID(), ...labelRulesFrom(request) };
    const { team } = await this.questions.write(subjects.createTeam, command, asking);
    createdAt(asking.reply, `/api/v1/admin/teams/${team.id}`);
    return toSnakeCase(team);
  }

  @Get()
  @ApiOperation({ summary: 'List all teams, newest first' })
  @answers(200, teamListSchema.omit({ fresh: true }), { teams: [examples.team], total: 1 })
  @mayAnswer('admin-required', 'request-invalid')
  async list(@Query({ schema: listTeamsQuerySchema }) query: ListTeamsQuery, @AskedBy() asking: Asking) {
    const search = { ...toCamelCase(query), own: false, asAdministrator };
    const { teams, total } = await this.questions.read(subjects.listTeams, search, asking);
    return toSnakeCase({ teams, total });
  }

  @Get(':team_id')
  @ApiOperation({ summary: 'One team' })
  @answers(200, teamViewSchema, examples.team)
  @mayAnswer('admin-required', 'team-unknown')
  async get(@Param('team_id', teamId) id: string, @AskedBy() asking: Asking) {
    const { team } = await this.questions.read(subjects.getTeam, { teamId: id, asAdministrator }, asking);
    return toSnakeCase(team);
  }

  @Patch(':team_id')
  @ApiOperation({ summary: 'Change some of what a team is: JSON merge patch' })
  @answers(200, teamViewSchema, examples.team)
  @mayAnswer(...CHANGING, 'already-exists', 'pattern-invalid', ...WITH_BODY)
  async change(
    @Param('team_id', teamId) id: string,
    @Body({ schema: changeTeamRequestSchema }) request: ChangeTeamRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { teamId: id, ...labelRulesFrom(request) };
    const { team } = await this.questions.write(subjects.changeTeam, command, asking);
    return toSnakeCase(team);
  }

  @Post(':team_id/deactivate')
  @HttpCode(200)
  @ApiOperation({ summary: 'Suspend a team; with remove_runners its runners are deleted as an operation' })
  @answers(200, teamViewSchema.extend({ operationId }), { ...examples.team, isActive: false })
  @mayAnswer(...CHANGING, 'already-inactive', ...WITH_BODY)
  async deactivate(
    @Param('team_id', teamId) id: string,
    @Body({ schema: deactivateTeamRequestSchema }) request: DeactivateTeamRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { teamId: id, ...toCamelCase(request) };
    const { team, operationId } = await this.questions.write(subjects.deactivateTeam, command, asking);
    return toSnakeCase({ ...team, operationId });
  }

  @Post(':team_id/reactivate')
  @HttpCode(200)
  @withoutBody()
  @ApiOperation({ summary: 'Let a suspended team work again' })
  @answers(200, teamViewSchema, examples.team)
  @mayAnswer(...CHANGING, 'already-active', ...WITH_BODY)
  async reactivate(@Param('team_id', teamId) id: string, @AskedBy() asking: Asking) {
    const { team } = await this.questions.write(subjects.reactivateTeam, { teamId: id }, asking);
    return toSnakeCase(team);
  }
}
