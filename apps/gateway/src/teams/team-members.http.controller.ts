import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, subjects, teamMemberListSchema, teamMemberSchema } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, answersNothing, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import {
  type AddMemberRequest,
  addMemberRequestSchema,
  type ListTeamMembersQuery,
  listTeamMembersQuerySchema,
} from './team.request.js';

const teamId = idOr('team-unknown');
const userId = idOr('member-unknown');

/** Who belongs to a team, for administrators. */
@ApiTags('teams')
@ApiBearerAuth()
@Controller('api/v1/admin/teams/:team_id/members')
export class TeamMembersHttpController {
  constructor(private readonly questions: Questions) {}

  @Get()
  @ApiOperation({ summary: 'List the members of a team' })
  @answers(200, teamMemberListSchema.omit({ fresh: true }), { members: [examples.teamMember], total: 1 })
  @mayAnswer('admin-required', 'team-unknown', 'request-invalid')
  async list(
    @Param('team_id', teamId) id: string,
    @Query({ schema: listTeamMembersQuerySchema }) page: ListTeamMembersQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = { teamId: id, ...page, asAdministrator: true };
    const { members, total } = await this.questions.read(subjects.listTeamMembers, search, asking);
    return toSnakeCase({ members, total });
  }

  @Post()
  @ApiOperation({ summary: 'Make a user a member' })
  @answers(201, teamMemberSchema, examples.teamMember)
  @mayAnswer(
    'admin-required',
    'team-unknown',
    'user-unknown',
    'already-exists',
    ...WITH_BODY,
    ...WHEN_RECORDING,
  )
  async add(
    @Param('team_id', teamId) id: string,
    @Body({ schema: addMemberRequestSchema }) { user_id: memberId }: AddMemberRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { teamId: id, userId: memberId };
    const { member } = await this.questions.write(subjects.addTeamMember, command, asking);
    createdAt(asking.reply, `/api/v1/admin/teams/${id}/members/${memberId}`);
    return toSnakeCase(member ?? { userId: memberId });
  }

  @Delete(':user_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a membership' })
  @answersNothing()
  @mayAnswer('admin-required', 'team-unknown', 'member-unknown', ...WHEN_RECORDING)
  async remove(
    @Param('team_id', teamId) id: string,
    @Param('user_id', userId) memberId: string,
    @AskedBy() asking: Asking,
  ) {
    await this.questions.write(subjects.removeTeamMember, { teamId: id, userId: memberId }, asking);
  }
}
