import { randomUUID } from 'node:crypto';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, identityProviderListSchema, identityProviderViewSchema, subjects } from '#libs/contracts';
import { toCamelCase, toSnakeCase } from '#libs/runtime';
import { TrustedIssuers } from '../authentication/trusted-issuers.js';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, answersNothing, mayAnswer, WHEN_RECORDING, WITH_BODY } from '../http/answers.js';
import { createdAt } from '../http/created.js';
import { idOr } from '../http/known-id.pipe.js';
import {
  type ChangeIdentityProviderRequest,
  changeIdentityProviderRequestSchema,
  type ListIdentityProvidersQuery,
  listIdentityProvidersQuerySchema,
  type RegisterIdentityProviderRequest,
  registerIdentityProviderRequestSchema,
} from './identity-provider.request.js';

const providerId = idOr('identity-provider-unknown');
const UNKNOWN = ['admin-required', 'identity-provider-unknown'] as const;

/** Issuers whose tokens are trusted, beside the environment's. */
@ApiTags('identity providers')
@ApiBearerAuth()
@Controller('api/v1/admin/identity-providers')
export class IdentityProvidersHttpController {
  constructor(
    private readonly questions: Questions,
    private readonly issuers: TrustedIssuers,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Trust the tokens of another issuer' })
  @answers(201, identityProviderViewSchema, examples.identityProvider)
  @mayAnswer('admin-required', 'already-exists', ...WITH_BODY, ...WHEN_RECORDING)
  async register(
    @Body({ schema: registerIdentityProviderRequestSchema }) request: RegisterIdentityProviderRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { identityProviderId: randomUUID(), ...toCamelCase(request) };
    const { identityProvider, position } = await this.questions.write(
      subjects.registerIdentityProvider,
      command,
      asking,
    );
    await this.issuers.changed(position);
    createdAt(asking.reply, `/api/v1/admin/identity-providers/${identityProvider.id}`);
    return toSnakeCase(identityProvider);
  }

  @Get()
  @ApiOperation({ summary: 'List the issuers that are trusted, newest first' })
  @answers(200, identityProviderListSchema.omit({ fresh: true }), {
    identityProviders: [examples.identityProvider],
    total: 1,
  })
  @mayAnswer('admin-required', 'request-invalid')
  async list(
    @Query({ schema: listIdentityProvidersQuerySchema }) page: ListIdentityProvidersQuery,
    @AskedBy() asking: Asking,
  ) {
    const { identityProviders, total } = await this.questions.read(
      subjects.listIdentityProviders,
      page,
      asking,
    );
    return toSnakeCase({ identityProviders, total });
  }

  @Get(':id')
  @ApiOperation({ summary: 'One identity provider' })
  @answers(200, identityProviderViewSchema, examples.identityProvider)
  @mayAnswer(...UNKNOWN)
  async get(@Param('id', providerId) identityProviderId: string, @AskedBy() asking: Asking) {
    const question = { identityProviderId };
    const { identityProvider } = await this.questions.read(subjects.getIdentityProvider, question, asking);
    return toSnakeCase(identityProvider);
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change how an issuer is trusted: JSON merge patch' })
  @answers(200, identityProviderViewSchema, examples.identityProvider)
  @mayAnswer('last-admin', ...UNKNOWN, ...WITH_BODY, ...WHEN_RECORDING)
  async change(
    @Param('id', providerId) identityProviderId: string,
    @Body({ schema: changeIdentityProviderRequestSchema }) request: ChangeIdentityProviderRequest,
    @AskedBy() asking: Asking,
  ) {
    const command = { identityProviderId, ...toCamelCase(request) };
    const { identityProvider, position } = await this.questions.write(
      subjects.changeIdentityProvider,
      command,
      asking,
    );
    await this.issuers.changed(position);
    return toSnakeCase(identityProvider);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Trust an issuer no more' })
  @answersNothing()
  @mayAnswer('last-admin', ...UNKNOWN, ...WHEN_RECORDING)
  async remove(@Param('id', providerId) identityProviderId: string, @AskedBy() asking: Asking) {
    const removal = { identityProviderId };
    const { position } = await this.questions.write(subjects.removeIdentityProvider, removal, asking);
    await this.issuers.changed(position);
  }
}
