import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, labelPolicyListSchema, labelPolicyViewSchema, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, answersNothing, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import {
  type ListLabelPoliciesQuery,
  listLabelPoliciesQuerySchema,
  type SetLabelPolicyRequest,
  setLabelPolicyRequestSchema,
} from './label-policy.request.js';
import { userIdentityPipe } from './user-identity.pipe.js';

const UNKNOWN = ['admin-required', 'label-policy-unknown', 'user-unknown'] as const;

/** What users without a team may put on a runner. */
@ApiTags('label policies')
@ApiBearerAuth()
@Controller('api/v1/admin/label-policies')
export class LabelPoliciesHttpController {
  constructor(private readonly questions: Questions) {}

  @Post()
  @ApiOperation({ summary: 'Set the policy of a user, in place of the one before' })
  @answers(201, labelPolicyViewSchema, examples.labelPolicy)
  @mayAnswer('admin-required', 'user-unknown', 'pattern-invalid', ...WITH_BODY, ...WHEN_RECORDING)
  async set(
    @Body({ schema: setLabelPolicyRequestSchema }) request: SetLabelPolicyRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = toCamelCase(request);
    const { policy } = await this.questions.write(subjects.setLabelPolicy, command, asking);
    createdAt(asking.reply, `/api/v1/admin/label-policies/${policy.userId}`);
    return toSnakeCase(policy);
  }

  @Get()
  @ApiOperation({ summary: 'List the policies of users' })
  @answers(200, labelPolicyListSchema.omit({ fresh: true }), { policies: [examples.labelPolicy], total: 1 })
  @mayAnswer('admin-required', 'request-invalid')
  async list(
    @Query({ schema: listLabelPoliciesQuerySchema }) page: ListLabelPoliciesQuery,
    @AskedBy() asking: Asking,
  ) {
    const { policies, total } = await this.questions.read(subjects.listLabelPolicies, page, asking);
    return toSnakeCase({ policies, total });
  }

  @Get(':user_identity')
  @ApiOperation({ summary: 'The policy of one user' })
  @answers(200, labelPolicyViewSchema, examples.labelPolicy)
  @mayAnswer(...UNKNOWN)
  async get(@Param('user_identity', userIdentityPipe) userIdentity: string, @AskedBy() asking: Asking) {
    const { policy } = await this.questions.read(subjects.getLabelPolicy, { userIdentity }, asking);
    return toSnakeCase(policy);
  }

  @Delete(':user_identity')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take the policy of a user away: DEFAULT_LABEL_POLICY applies again' })
  @answersNothing()
  @mayAnswer(...UNKNOWN, ...WHEN_RECORDING)
  async remove(@Param('user_identity', userIdentityPipe) userIdentity: string, @AskedBy() asking: Asking) {
    await this.questions.write(subjects.removeLabelPolicy, { userIdentity }, asking);
  }
}
