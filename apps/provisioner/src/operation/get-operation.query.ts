import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { GetOperation } from './operation.messages.js';
import { operationView } from './operation-view.js';
import { Operations } from './operations.js';

@QueryHandler(GetOperation)
export class GetOperationHandler implements IQueryHandler<GetOperation> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly operations: Operations,
  ) {}

  async execute({ body, context }: GetOperation): Promise<ReplyOf<typeof subjects.getOperation>> {
    await this.tenancy.administrator(context);
    return { operation: operationView(await this.operations.find(body.operationId)) };
  }
}
