import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { examples, operationViewSchema, subjects } from '#libs/contracts';
import { toSnakeCase } from '#libs/runtime';
import { Questions } from '../caller/questions.js';
import { AskedBy, type Asking } from '../caller/request-context.js';
import { answers, mayAnswer } from '../http/answers.js';
import { idOr } from '../http/known-id.pipe.js';

@ApiTags('batches')
@ApiBearerAuth()
@Controller('api/v1/admin/operations')
export class OperationsHttpController {
  constructor(private readonly questions: Questions) {}

  @Get(':id')
  @ApiOperation({ summary: 'How far a batch has got' })
  @answers(200, operationViewSchema, examples.operation)
  @mayAnswer('admin-required', 'operation-unknown')
  async get(@Param('id', idOr('operation-unknown')) operationId: string, @AskedBy() asking: Asking) {
    // who is told that it is done looks next at what it did
    const { operation } = await this.questions.write(subjects.getOperation, { operationId }, asking);
    return toSnakeCase(operation);
  }
}
