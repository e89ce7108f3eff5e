import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { subjects, uuid } from '#libs/contracts';
import { Bus } from '#libs/messaging';
import { answers, mayAnswer } from '../http/answers.js';
import { toSnakeCase } from '../http/snake-case.js';
import { AskedBy, type Asking } from './request-context.js';

const callerSchema = z.object({
  user_id: uuid,
  email: z.string().optional(),
  display_name: z.string().optional(),
  oidc_issuer: z.string(),
  oidc_sub: z.string(),
  is_admin: z.boolean(),
  can_use_jit: z.boolean(),
  can_use_registration_token: z.boolean(),
  roles: z.array(z.string()),
  teams: z.array(z.object({ id: uuid, name: z.string() })),
});

@ApiTags('caller')
@ApiBearerAuth()
@Controller('api/v1/auth')
export class CallerHttpController {
  constructor(private readonly bus: Bus) {}

  @Get('me')
  @ApiOperation({ summary: 'Who you are to this service' })
  @answers(200, callerSchema)
  @mayAnswer(401, 403, 503)
  async me(@AskedBy() { context }: Asking) {
    return toSnakeCase(await this.bus.ask(subjects.describeCaller, {}, context));
  }
}
