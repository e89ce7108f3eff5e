import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, machineClientListSchema, machineClientViewSchema, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, answersNothing, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import {
  type ChangeMachineClientRequest,
  changeMachineClientRequestSchema,
  type ListMachineClientsQuery,
  listMachineClientsQuerySchema,
  type RegisterMachineClientRequest,
  registerMachineClientRequestSchema,
} from './machine-client.request.js';

const clientId = idOr('machine-client-unknown');
const UNKNOWN = ['admin-required', 'machine-client-unknown'] as const;

/** Clients that act for one team by themselves. The path is the documents' word for them. */
@ApiTags('machine clients')
@ApiBearerAuth()
@Controller('api/v1/admin/oauth-clients')
export class MachineClientsHttpController {
  constructor(private readonly questions: Questions) {}

  @Post()
  @ApiOperation({ summary: 'Let a client of an issuer act for a team; a team has one active client' })
  @answers(201, machineClientViewSchema, examples.machineClient)
  @mayAnswer(
    'admin-required',
    'team-unknown',
    'identity-provider-unknown',
    'already-exists',
    ...WITH_BODY,
    ...WHEN_RECORDING,
  )
  async register(
    @Body({ schema: registerMachineClientRequestSchema }) request: RegisterMachineClientRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { machineClientId: randomUUID(), ...toCamelCase(request) };
    const { client } = await this.questions.write(subjects.registerMachineClient, command, asking);
    createdAt(asking.reply, `/api/v1/admin/oauth-clients/${client.id}`);
    return toSnakeCase(client);
  }

  @Get()
  @ApiOperation({ summary: 'List the machine clients, newest first' })
  @answers(200, machineClientListSchema.omit({ fresh: true }), {
    clients: [examples.machineClient],
    total: 1,
  })
  @mayAnswer('admin-required', 'request-invalid')
  async list(
    @Query({ schema: listMachineClientsQuerySchema }) query: ListMachineClientsQuery,
    @AskedBy() asking: Asking,
  ) {
    const search = toCamelCase(query);
    const { clients, total } = await this.questions.read(subjects.listMachineClients, search, asking);
    return toSnakeCase({ clients, total });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One machine client' })
  @answers(200, machineClientViewSchema, examples.machineClient)
  @mayAnswer(...UNKNOWN)
  async get(@Param('id', clientId) machineClientId: string, @AskedBy() asking: Asking) {
    const { client } = await this.questions.read(subjects.getMachineClient, { machineClientId }, asking);
    return toSnakeCase(client);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Describe, deactivate or activate a machine client: JSON merge patch' })
  @answers(200, machineClientViewSchema, examples.machineClient)
  @mayAnswer(...UNKNOWN, 'already-exists', ...WITH_BODY, ...WHEN_RECORDING)
  async change(
    @Param('id', clientId) machineClientId: string,
    @Body({ schema: changeMachineClientRequestSchema }) request: ChangeMachineClientRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { machineClientId, ...toCamelCase(request) };
    const { client } = await this.questions.write(subjects.changeMachineClient, command, asking);
    return toSnakeCase(client);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Take a machine client away' })
  @answersNothing()
  @mayAnswer(...UNKNOWN, ...WHEN_RECORDING)
  async remove(@Param('id', clientId) machineClientId: string, @AskedBy() asking: Asking) {
    await this.questions.write(subjects.removeMachineClient, { machineClientId }, asking);
  }
}
