import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  examples,
  subjects,
  trustRuleListSchema,
  trustRuleTestedSchema,
  trustRuleViewSchema,
} from '#libs/contracts';
import { boundedClaims, TokenVerifier } from '#libs/identity';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, answersNothing, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import {
  type ChangeTrustRuleRequest,
  type CreateTrustRuleRequest,
  changeTrustRuleRequestSchema,
  createTrustRuleRequestSchema,
  type ListTrustRulesQuery,
  listTrustRulesQuerySchema,
  type TestTrustRuleRequest,
  testTrustRuleRequestSchema,
} from './trust-rule.request.js';

const ruleId = idOr('trust-rule-unknown');
const UNKNOWN = ['admin-required', 'trust-rule-unknown'] as const;
const SAVING = ['team-unknown', 'pattern-invalid', ...WITH_BODY, ...WHEN_RECORDING] as const;

/** Which tokens act for which team, by their claims. */
@ApiTags('trust rules')
@ApiBearerAuth()
@Controller('api/v1/admin/trust-rules')
export class TrustRulesHttpController {
  constructor(
    private readonly questions: Questions,
    private readonly verifier: TokenVerifier,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Let tokens with certain claims act for a team' })
  @answers(201, trustRuleViewSchema, examples.trustRule)
  @mayAnswer('admin-required', 'identity-provider-unknown', ...SAVING)
  async create(
    @Body({ schema: createTrustRuleRequestSchema }) request: CreateTrustRuleRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { trustRuleId: randomUUID(), ...toCamelCase(request) };
    const { trustRule } = await this.questions.write(subjects.createTrustRule, command, asking);
    createdAt(asking.reply, `/api/v1/admin/trust-rules/${trustRule.id}`);
    return toSnakeCase(trustRule);
  }

  @Get()
  @ApiOperation({ summary: 'List the trust rules, newest first' })
  @answers(200, trustRuleListSchema.omit({ fresh: true }), { trustRules: [examples.trustRule], total: 1 })
  @mayAnswer('admin-required', 'request-invalid')
  async list(
    @Query({ schema: listTrustRulesQuerySchema }) query: ListTrustRulesQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = toCamelCase(query);
    const { trustRules, total } = await this.questions.read(subjects.listTrustRules, search, asking);
    return toSnakeCase({ trustRules, total });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One trust rule' })
  @answers(200, trustRuleViewSchema, examples.trustRule)
  @mayAnswer(...UNKNOWN)
  async get(@Param('id', ruleId) trustRuleId: string, @AskedBy() asking: Asking) {
    const { trustRule } = await this.questions.read(subjects.getTrustRule, { trustRuleId }, asking);
    return toSnakeCase(trustRule);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change a trust rule: JSON merge patch' })
  @answers(200, trustRuleViewSchema, examples.trustRule)
  @mayAnswer(...UNKNOWN, ...SAVING)
  async change(
    @Param('id', ruleId) trustRuleId: string,
    @Body({ schema: changeTrustRuleRequestSchema }) request: ChangeTrustRuleRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { trustRuleId, ...toCamelCase(request) };
    const { trustRule } = await this.questions.write(subjects.changeTrustRule, command, asking);
    return toSnakeCase(trustRule);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a trust rule away' })
  @answersNothing()
  @mayAnswer(...UNKNOWN, ...WHEN_RECORDING)
  async remove(@Param('id', ruleId) trustRuleId: string, @AskedBy() asking: Asking) {
    await this.questions.write(subjects.removeTrustRule, { trustRuleId }, asking);
  }

  @Post(':id/test')
  @HttpCode(200)
  @ApiOperation({ summary: 'Whether a token would act by this rule, and why not; the token is not kept' })
  @answers(200, trustRuleTestedSchema, examples.trustRuleTested)
  @mayAnswer(...UNKNOWN, ...WITH_BODY)
  async test(
    @Param('id', ruleId) trustRuleId: string,
    @Body({ schema: testTrustRuleRequestSchema }) { token }: TestTrustRuleRequest,
    @AskedBy() asking: Asking,
  ) {
    // whoever may not ask does not make us check, or fetch keys for, what they paste
    await this.questions.read(subjects.getTrustRule, { trustRuleId }, asking);
    const verified = await this.verifier.verify(token);
    const verification = verified.valid
      ? { valid: true }
      : { valid: false, detail: verified.problem.message };
    const question = { trustRuleId, verification, claims: boundedClaims(verified.claims) };
    return toSnakeCase(await this.questions.ask(subjects.testTrustRule, question, asking));
  }
}
