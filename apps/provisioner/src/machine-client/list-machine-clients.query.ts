import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ListMachineClients } from './machine-client.messages.js';
import { machineClientViews } from './machine-client-views.js';
import { searchMachineClients } from './search-machine-clients.js';

@QueryHandler(ListMachineClients)
export class ListMachineClientsHandler implements IQueryHandler<ListMachineClients> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: ListMachineClients): Promise<ReplyOf<typeof subjects.listMachineClients>> {
    const fresh = await this.view.caughtUpWith(context.knownPosition);
    await this.tenancy.administrator(context);
    return this.view.read(async (em) => {
      const { rows, total } = await searchMachineClients(em, body);
      return { clients: await machineClientViews(em, rows), total, fresh };
    });
  }
}
