import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  examples,
  type ProblemCode,
  type ProvisionRunner,
  type RunnerProvisioned,
  runnerListSchema,
  runnerViewSchema,
  subjects,
  timelineSchema,
} from '#libs/contracts';
import { Bus } from '#libs/messaging';
import { toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { withoutBody } from '../http/without-body.js';
import { abandonUnlessDelivered } from './abandon-unless-delivered.js';
import { type DeprovisionQuery, deprovisionQuerySchema } from './deprovision-runner.request.js';
import { idempotencyKeyOf } from './idempotency-key.js';
import { type ListRunnersQuery, listRunnersFrom, listRunnersQuerySchema } from './list-runners.request.js';
import {
  type JitRequest,
  jitRequestSchema,
  provisionRunnerFrom,
  type RegistrationTokenRequest,
  registrationTokenRequestSchema,
} from './provision-runner.request.js';
import {
  deletionResponse,
  deletionResponseSchema,
  jitResponse,
  jitResponseSchema,
  registrationTokenResponse,
  registrationTokenResponseSchema,
  renewedTokenResponse,
  renewedTokenResponseSchema,
} from './runner.response.js';
import { runnerReferencePipe } from './runner-reference.pipe.js';

const GITHUB: readonly ProblemCode[] = [
  'github-refused',
  'github-unavailable',
  'github-rate-limited',
  'github-timeout',
];
const PROVISIONING: readonly ProblemCode[] = [
  ...WITH_BODY,
  ...WHEN_RECORDING,
  'label-not-permitted',
  'runner-group-not-permitted',
  'team-not-permitted',
  'runner-name-taken',
  'provisioning-in-progress',
  'jit-config-spent',
  'team-required',
  'idempotency-key-reused',
  'runner-group-unknown',
  'runner-quota-reached',
  ...GITHUB,
];
const deleted = { runnerId: examples.runner.runnerId, runnerName: examples.runner.runnerName };

const idempotencyKeyHeader = () =>
  ApiHeader({
    name: 'Idempotency-Key',
    description:
      '1 to 128 printable ASCII characters. For 24 hours the same key and body are the same runner.',
  });

@ApiTags('runners')
@ApiBearerAuth()
@Controller('api/v1/runners')
export class RunnersHttpController {
  constructor(
    private readonly bus: Bus,
    private readonly questions: Questions,
  ) {}

  @Post('jit')
  @ApiOperation({
    summary: 'Provision a runner with a JIT config: labels and ephemeral mode are bound on the server',
  })
  @idempotencyKeyHeader()
  @answers(201, jitResponseSchema, jitResponse(examples.jitProvisioned))
  @mayAnswer('jit-not-permitted', ...PROVISIONING)
  async provisionJit(@Body({ schema: jitRequestSchema }) request: JitRequest, @AskedBy() asking: Asking) {
    return jitResponse(await this.provision(provisionRunnerFrom(randomUUID(), 'jit', request), asking));
  }

  @Post('provision')
  @Header('deprecation', '@1767225600')
  @Header('link', '</api/v1/runners/jit>; rel="successor-version"')
  @ApiOperation({ summary: 'Provision a runner with a registration token', deprecated: true })
  @idempotencyKeyHeader()
  @answers(201, registrationTokenResponseSchema, registrationTokenResponse(examples.tokenProvisioned))
  @mayAnswer('registration-token-not-permitted', ...PROVISIONING)
  async provisionRegistrationToken(
    @Body({ schema: registrationTokenRequestSchema }) request: RegistrationTokenRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = provisionRunnerFrom(randomUUID(), 'registration_token', request);
    return registrationTokenResponse(await this.provision(command, asking));
  }

  @Get()
  @ApiOperation({ summary: 'List the runners you may see, newest first' })
  @answers(200, runnerListSchema.omit({ fresh: true }), { runners: [examples.runner], total: 1 })
  @mayAnswer('request-invalid')
  async list(@Query({ schema: listRunnersQuerySchema }) query: ListRunnersQuery, @AskedBy() asking: Asking) {
    const search = listRunnersFrom(query);
    const { runners, total } = await this.questions.read(subjects.listRunners, search, asking);
    return toSnakeCase({ runners, total });
  }

  @Get(':runner')
  @ApiOperation({ summary: 'One runner, by id or by name, with its timeline' })
  @answers(200, runnerViewSchema.extend(timelineSchema.shape), {
    ...examples.runner,
    timeline: [examples.timelineEntry],
  })
  @mayAnswer('runner-unknown')
  async get(@Param('runner', runnerReferencePipe) reference: string, @AskedBy() asking: Asking) {
    const { runner } = await this.questions.read(subjects.getRunner, { runner: reference }, asking);
    const { runnerId } = runner;
    const { timeline } = await this.questions.ask(subjects.runnerTimeline, { runnerId }, asking);
    return toSnakeCase({ ...runner, timeline });
  }

  @Post(':runner/refresh')
  @HttpCode(200)
  @withoutBody()
  @ApiOperation({ summary: 'Look at GitHub now and answer with what was seen' })
  @answers(200, runnerViewSchema, examples.runner)
  @mayAnswer(
    'runner-unknown',
    ...WITH_BODY,
    ...WHEN_RECORDING,
    'github-unavailable',
    'github-rate-limited',
    'github-timeout',
  )
  async refresh(@Param('runner', runnerReferencePipe) reference: string, @AskedBy() asking: Asking) {
    const { runnerId } = await this.questions.write(subjects.refreshRunner, { runner: reference }, asking);
    const { runner } = await this.questions.read(subjects.getRunner, { runner: runnerId }, asking);
    return toSnakeCase(runner);
  }

  @Post(':runner/registration-token')
  @HttpCode(200)
  @withoutBody()
  @Header('cache-control', 'no-store')
  @ApiOperation({
    summary:
      'Fresh tokens for the host of a runner provisioned with one: to register, to register again with --replace, to deregister. Same runner, same slot',
  })
  @answers(200, renewedTokenResponseSchema, renewedTokenResponse(examples.tokenRenewed))
  @mayAnswer(
    'runner-unknown',
    'registration-token-not-permitted',
    'label-not-permitted',
    ...WITH_BODY,
    'already-deleted',
    'provisioning-in-progress',
    ...WHEN_RECORDING,
    ...GITHUB,
  )
  async renewRegistrationToken(
    @Param('runner', runnerReferencePipe) reference: string,
    @AskedBy() asking: Asking,
  ) {
    const request = { runner: reference };
    return renewedTokenResponse(await this.questions.write(subjects.renewRegistrationToken, request, asking));
  }

  @Delete(':runner')
  @ApiOperation({ summary: 'Delete a runner at GitHub; 202 while GitHub has not confirmed' })
  @answers(200, deletionResponseSchema, deletionResponse({ ...deleted, confirmed: true }))
  @answers(202, deletionResponseSchema, deletionResponse({ ...deleted, confirmed: false }))
  @mayAnswer(
    'runner-unknown',
    'runner-busy',
    'already-deleted',
    'request-invalid',
    'github-refused',
    ...WHEN_RECORDING,
  )
  async deprovision(
    @Param('runner', runnerReferencePipe) reference: string,
    @Query({ schema: deprovisionQuerySchema }) query: DeprovisionQuery,
    @AskedBy() asking: Asking,
  ) {
    const request = { runner: reference, cancelJob: query.cancel_job ?? false };
    const deletion = await this.questions.write(subjects.deprovisionRunner, request, asking);
    asking.reply.status(deletion.confirmed ? 200 : 202);
    return deletionResponse(deletion);
  }

  /** Who sent a key may ask again: then the runner is kept for that, whatever became of the answer. */
  private async provision(request: ProvisionRunner, asking: Asking): Promise<RunnerProvisioned> {
    const { reply, context } = asking;
    const idempotencyKey = idempotencyKeyOf(reply.request);
    const command = { ...request, idempotencyKey };
    const ask = () => this.questions.write(subjects.provisionRunner, command, asking);
    const provisioned =
      idempotencyKey === undefined
        ? await abandonUnlessDelivered(this.bus, request.runnerId, context, reply, ask)
        : await ask();
    createdAt(reply, `/api/v1/runners/${provisioned.runnerId}`);
    reply.header('cache-control', 'no-store');
    if (provisioned.replayed) reply.header('idempotent-replay', 'true');
    return provisioned;
  }
}
