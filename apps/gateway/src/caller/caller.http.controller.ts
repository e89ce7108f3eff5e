import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  callerDescriptionSchema,
  examples,
  ownLabelPoliciesSchema,
  provisioningCheckedSchema,
  subjects,
} from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { answers, mayAnswer, WITH_BODY } from '../http/answers.js';
import {
  type JitRequest,
  jitRequestSchema,
  provisionRunnerFrom,
} from '../runners/provision-runner.request.js';
import { Questions } from './questions.js';
import { AskedBy, type Asking } from './request-context.js';

@ApiTags('caller')
@ApiBearerAuth()
@Controller('api/v1/auth')
export class CallerHttpController {
  constructor(private readonly questions: Questions) {}

  @Get('me')
  @ApiOperation({ summary: 'Who you are to this service' })
  @answers(200, callerDescriptionSchema, examples.caller)
  @mayAnswer()
  async me(@AskedBy() asking: Asking) {
    return toSnakeCase(await this.questions.ask(subjects.describeCaller, {}, asking));
  }

  @Get('my-label-policy')
  @ApiOperation({ summary: 'Which labels and groups are open to you and how many runners, by team' })
  @answers(200, ownLabelPoliciesSchema.extend({ total: z.int() }), {
    policies: [examples.ownLabelPolicy],
    total: 1,
  })
  @mayAnswer()
  async labelPolicies(@AskedBy() asking: Asking) {
    const { policies } = await this.questions.ask(subjects.ownLabelPolicies, {}, asking);
    return toSnakeCase({ policies, total: policies.length });
  }

  @Post('check')
  @HttpCode(200)
  @ApiOperation({ summary: 'What a provisioning with a JIT config would come to; nothing is done' })
  @answers(200, provisioningCheckedSchema, examples.provisioningChecked)
  @mayAnswer(...WITH_BODY)
  async check(@Body({ schema: jitRequestSchema }) request: JitRequest, @AskedBy() asking: Asking) {
    const command = provisionRunnerFrom(randomUUID(), 'jit', request);
    return toSnakeCase(await this.questions.ask(subjects.checkProvisioning, command, asking));
  }
}
