import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RemoveMachineClient } from './machine-client.messages.js';
import { findMachineClientView } from './machine-client-views.js';
import { MachineClients } from './machine-clients.js';

@CommandHandler(RemoveMachineClient)
export class RemoveMachineClientHandler implements ICommandHandler<RemoveMachineClient> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly machineClients: MachineClients,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body: { machineClientId },
    context,
  }: RemoveMachineClient): Promise<ReplyOf<typeof subjects.removeMachineClient>> {
    const administrator = await this.tenancy.administrator(context);
    const origin = originOf(context, actorOf(administrator));
    const position = await this.machineClients.remove(machineClientId, new Date().toISOString(), origin);
    const client = await this.view.written(position, (em) =>
      findMachineClientView(em, machineClientId, { removed: true }),
    );
    return { client, ...present('position', position?.toString()) };
  }
}
