import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { GetMachineClient } from './machine-client.messages.js';
import { findMachineClientView } from './machine-client-views.js';

@QueryHandler(GetMachineClient)
export class GetMachineClientHandler implements IQueryHandler<GetMachineClient> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: GetMachineClient): Promise<ReplyOf<typeof subjects.getMachineClient>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    const client = await this.view.read((em) =>
      findMachineClientView(em, body.machineClientId, { removed: false }),
    );
    if (client === undefined) throw new Problem('machine-client-unknown', 'There is no such machine client.');
    return { client, fresh };
  }
}
