import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ReplyOf, subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { Teams } from '../team/teams.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { ChangeMachineClient } from './machine-client.messages.js';
import { findMachineClientView } from './machine-client-views.js';
import { MachineClients } from './machine-clients.js';

@CommandHandler(ChangeMachineClient)
export class ChangeMachineClientHandler implements ICommandHandler<ChangeMachineClient> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly machineClients: MachineClients,
    private readonly view: TenancyView,
  ) {}

  async execute({
    body,
    context,
  }: ChangeMachineClient): Promise<ReplyOf<typeof subjects.changeMachineClient>> {
    const administrator = await this.tenancy.administrator(context);
    if (body.isActive) {
      const { teamId, status } = await this.machineClients.known(body.machineClientId);
      if (status === 'inactive') await this.teams.active(teamId);
    }
    const origin = originOf(context, actorOf(administrator));
    const position = await this.machineClients.change({ ...body, at: new Date().toISOString() }, origin);
    const client = await this.view.written(position, (em) =>
      findMachineClientView(em, body.machineClientId, { removed: false }),
    );
    return { client, ...present('position', position?.toString()) };
  }
}
