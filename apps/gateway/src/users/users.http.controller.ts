import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, subjects, userListSchema, userViewSchema } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { type CommentRequest, commentRequestSchema } from '../http/comment.request.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import { withoutBody } from '../http/without-body.js';
import {
  type ChangeUserRequest,
  type CreateUserRequest,
  changeUserRequestSchema,
  createUserRequestSchema,
  type ListUsersQuery,
  listUsersQuerySchema,
  type ReplaceUserRequest,
  replaceUserRequestSchema,
} from './user.request.js';

const userId = idOr('user-unknown');
const CHANGING = ['admin-required', 'user-unknown', ...WHEN_RECORDING] as const;

@ApiTags('users')
@ApiBearerAuth()
@Controller('api/v1/admin/users')
export class UsersHttpController {
  constructor(private readonly questions: Questions) {}

  @Post()
  @ApiOperation({ summary: 'Bring in a user, by e-mail or by issuer and subject' })
  @answers(201, userViewSchema, examples.user)
  @mayAnswer('admin-required', 'already-exists', 'team-unknown', ...WITH_BODY, ...WHEN_RECORDING)
  async create(
    @Body({ schema: createUserRequestSchema }) request: CreateUserRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { userId: randomUUID(), ...toCamelCase(request) };
    const { user } = await this.questions.write(subjects.createUser, command, asking);
    createdAt(asking.reply, `/api/v1/admin/users/${user.id}`);
    return toSnakeCase(user);
  }

  @Get()
  @ApiOperation({ summary: 'List the users, newest first' })
  @answers(200, userListSchema.omit({ fresh: true }), { users: [examples.user], total: 1 })
  @mayAnswer('admin-required', 'request-invalid')
  async list(@Query({ schema: listUsersQuerySchema }) query: ListUsersQuery, @AskedBy() asking: Asking) {
    const { users, total } = await this.questions.read(subjects.listUsers, toCamelCase(query), asking);
    return toSnakeCase({ users, total });
  }

  @Get(':user_id')
  @ApiOperation({ summary: 'One user' })
  @answers(200, userViewSchema, examples.user)
  @mayAnswer('admin-required', 'user-unknown')
  async get(@Param('user_id', userId) id: string, @AskedBy() asking: Asking) {
    const { user } = await this.questions.read(subjects.getUser, { userId: id }, asking);
    return toSnakeCase(user);
  }

  @Patch(':user_id')
  @ApiOperation({ summary: 'Change some of what a user is: JSON merge patch' })
  @answers(200, userViewSchema, examples.user)
  @mayAnswer(...CHANGING, 'already-exists', 'last-admin', ...WITH_BODY)
  change(
    @Param('user_id', userId) id: string,
    @Body({ schema: changeUserRequestSchema }) request: ChangeUserRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.changed(id, request, asking);
  }

  @Put(':user_id')
  @ApiOperation({ summary: 'Replace all that can be changed of a user' })
  @answers(200, userViewSchema, examples.user)
  @mayAnswer(...CHANGING, 'already-exists', 'last-admin', ...WITH_BODY)
  replace(
    @Param('user_id', userId) id: string,
    @Body({ schema: replaceUserRequestSchema }) request: ReplaceUserRequest,
    @AskedBy() asking: Asking,
  ) {
    return this.changed(id, request, asking);
  }

  @Delete(':user_id')
  @ApiOperation({ summary: 'Deactivate a user; the records keep their author' })
  @answers(200, userViewSchema, { ...examples.user, isActive: false })
  @mayAnswer(...CHANGING, 'already-inactive', 'last-admin', ...WITH_BODY)
  async deactivate(
    @Param('user_id', userId) id: string,
    @Body({ schema: commentRequestSchema }) { comment }: CommentRequest,
    @AskedBy() asking: Asking,
  ) {
    const { user } = await this.questions.write(subjects.deactivateUser, { userId: id, comment }, asking);
    return toSnakeCase(user);
  }

  @Post(':user_id/activate')
  @HttpCode(200)
  @withoutBody()
  @ApiOperation({ summary: 'Let a deactivated user in again' })
  @answers(200, userViewSchema, examples.user)
  @mayAnswer(...CHANGING, 'already-active', ...WITH_BODY)
  async activate(@Param('user_id', userId) id: string, @AskedBy() asking: Asking) {
    const { user } = await this.questions.write(subjects.activateUser, { userId: id }, asking);
    return toSnakeCase(user);
  }

  private async changed(id: string, request: ChangeUserRequest | ReplaceUserRequest, asking: Asking) {
    const command = { userId: id, ...toCamelCase(request) };
    const { user } = await this.questions.write(subjects.changeUser, command, asking);
    return toSnakeCase(user);
  }
}
