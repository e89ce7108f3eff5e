import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type ProvisionRunner, type RunnerProvisioned, subjects } from '#libs/contracts';
import { Bus } from '#libs/messaging';
import { KnownPositions } from '../caller/known-positions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { requestInvalid } from '../http/request.pipe.js';
import { staleWarning } from '../http/stale-warning.js';
import { abandonUnlessDelivered } from './abandon-unless-delivered.js';
import { type DeprovisionQuery, deprovisionQuerySchema } from './deprovision-runner.request.js';
import { type ListRunnersQuery, listRunnersFrom, listRunnersQuerySchema } from './list-runners.request.js';
import {
  type JitRequest,
  jitRequestSchema,
  provisionRunnerFrom,
  type RegistrationTokenRequest,
  registrationTokenRequestSchema,
} from './provision-runner.request.js';
import {
  deletionResponseSchema,
  jitResponse,
  jitResponseSchema,
  registrationTokenResponse,
  registrationTokenResponseSchema,
  runnerListResponseSchema,
  runnerResponse,
  runnerSchema,
  runnerWithTimelineResponse,
  runnerWithTimelineSchema,
} from './runner.response.js';
import { runnerReferencePipe } from './runner-reference.pipe.js';

@ApiTags('runners')
@ApiBearerAuth()
@Controller('api/v1/runners')
export class RunnersHttpController {
  constructor(
    private readonly bus: Bus,
    private readonly positions: KnownPositions,
  ) {}

  @Post('jit')
  @ApiOperation({
    summary: 'Provision a runner with a JIT config: labels and ephemeral mode are bound on the server',
  })
  @answers(201, jitResponseSchema)
  @mayAnswer(401, 403, 409, 422, 429, 502, 503, 504)
  async provisionJit(
    @Body({ schema: jitRequestSchema }) request: JitRequest,
    @AskedBy() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const provisioned = await this.provision(
      provisionRunnerFrom(randomUUID(), 'jit', request),
      asking,
      reply,
    );
    reply.header('cache-control', 'no-store');
    return jitResponse(provisioned);
  }

  @Post('provision')
  @Header('deprecation', '@1767225600')
  @Header('link', '</api/v1/runners/jit>; rel="successor-version"')
  @ApiOperation({ summary: 'Provision a runner with a registration token', deprecated: true })
  @answers(201, registrationTokenResponseSchema)
  @mayAnswer(401, 403, 409, 422, 429, 502, 503, 504)
  async provisionRegistrationToken(
    @Body({ schema: registrationTokenRequestSchema }) request: RegistrationTokenRequest,
    @AskedBy() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const command = provisionRunnerFrom(randomUUID(), 'registration_token', request);
    const provisioned = await this.provision(command, asking, reply);
    reply.header('cache-control', 'no-store');
    return registrationTokenResponse(provisioned);
  }

  @Get()
  @ApiOperation({ summary: 'List the runners you may see, newest first' })
  @answers(200, runnerListResponseSchema)
  @mayAnswer(401, 403, 422, 503)
  async list(
    @Query({ schema: listRunnersQuerySchema }) query: ListRunnersQuery,
    @AskedBy() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { runners, total, fresh } = await this.bus.ask(
      subjects.listRunners,
      listRunnersFrom(query),
      this.upToDate(asking),
    );
    staleWarning(reply, fresh);
    return { runners: runners.map(runnerResponse), total };
  }

  @Get(':runner')
  @ApiOperation({ summary: 'One runner, by id or by name, with its timeline' })
  @answers(200, runnerWithTimelineSchema)
  @mayAnswer(401, 403, 404, 503)
  async get(
    @Param('runner', runnerReferencePipe) reference: string,
    @AskedBy() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const context = this.upToDate(asking);
    const { runner, fresh } = await this.bus.ask(subjects.getRunner, { runner: reference }, context);
    const { timeline } = await this.bus.ask(subjects.runnerTimeline, { runnerId: runner.runnerId }, context);
    staleWarning(reply, fresh);
    return runnerWithTimelineResponse(runner, timeline);
  }

  @Post(':runner/refresh')
  @HttpCode(200)
  @ApiOperation({ summary: 'Look at GitHub now and answer with what was seen' })
  @answers(200, runnerSchema)
  @mayAnswer(401, 403, 404, 503, 504)
  async refresh(@Param('runner', runnerReferencePipe) reference: string, @AskedBy() asking: Asking) {
    const { runnerId, position } = await this.bus.ask(
      subjects.refreshRunner,
      { runner: reference },
      asking.context,
    );
    this.positions.wrote(asking.caller, position);
    const { runner } = await this.bus.ask(subjects.getRunner, { runner: runnerId }, this.upToDate(asking));
    return runnerResponse(runner);
  }

  @Delete(':runner')
  @ApiOperation({ summary: 'Delete a runner at GitHub; 202 while GitHub has not confirmed' })
  @answers(200, deletionResponseSchema)
  @answers(202, deletionResponseSchema)
  @mayAnswer(401, 403, 404, 409, 422, 503)
  async deprovision(
    @Param('runner', runnerReferencePipe) reference: string,
    @Query({ schema: deprovisionQuerySchema }) _query: DeprovisionQuery,
    @AskedBy() asking: Asking,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { runnerId, runnerName, confirmed, position } = await this.bus.ask(
      subjects.deprovisionRunner,
      { runner: reference },
      asking.context,
    );
    this.positions.wrote(asking.caller, position);
    reply.status(confirmed ? 200 : 202);
    const message = confirmed
      ? `The runner ${runnerName} is deleted at GitHub.`
      : `The runner ${runnerName} is being deleted; GitHub has not confirmed yet.`;
    return { runner_id: runnerId, runner_name: runnerName, success: true, message };
  }

  private async provision(
    command: ProvisionRunner,
    { caller, context }: Asking,
    reply: FastifyReply,
  ): Promise<RunnerProvisioned> {
    refuseIdempotencyKey(reply);
    const provisioned = await abandonUnlessDelivered(this.bus, command.runnerId, context, reply, () =>
      this.bus.ask(subjects.provisionRunner, command, context),
    );
    this.positions.wrote(caller, provisioned.position);
    reply.header('location', `/api/v1/runners/${provisioned.runnerId}`);
    return provisioned;
  }

  private upToDate({ caller, context }: Asking) {
    const knownPosition = this.positions.of(caller);
    return knownPosition === undefined ? context : { ...context, knownPosition };
  }
}

/** A client that sends one counts on never getting a second runner; better no answer than a wrong one. */
const refuseIdempotencyKey = ({ request: { headers } }: FastifyReply): void => {
  if (headers['idempotency-key'] === undefined) return;
  const message = 'is not supported yet: leave it out, and give runner_name so that a repeat is refused';
  throw requestInvalid([{ field: 'Idempotency-Key', message }]);
};
