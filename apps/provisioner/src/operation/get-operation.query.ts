import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { present } from '../present.js';
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
    const { operationId } = body;
    const operation = operationView(await this.operations.find(operationId));
    return { operation, ...present('position', await this.operations.positionOf(operationId)) };
  }
}
