import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { IdentityProvider } from '#libs/access';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { ENVIRONMENT_ISSUER } from '../provisioner.tokens.js';
import { Teams } from '../team/teams.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { RegisterMachineClient } from './machine-client.messages.js';
import { findMachineClientView } from './machine-client-views.js';
import { MachineClients } from './machine-clients.js';

@CommandHandler(RegisterMachineClient)
export class RegisterMachineClientHandler implements ICommandHandler<RegisterMachineClient> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly teams: Teams,
    private readonly machineClients: MachineClients,
    private readonly view: TenancyView,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
  ) {}

  async execute({
    body,
    context,
  }: RegisterMachineClient): Promise<ReplyOf<typeof subjects.registerMachineClient>> {
    const { oidcIssuer = this.environmentIssuer, machineClientId, clientId, ...rest } = body;
    const administrator = await this.tenancy.administrator(context);
    await this.view.caughtUpWith(context.knownPosition);
    const issuer = await this.trusted(oidcIssuer);
    await this.teams.active(rest.teamId);

    const origin = originOf(context, actorOf(administrator), { commandId: machineClientId });
    const client = {
      ...rest,
      machineClientId,
      issuer,
      clientId: asInTokens(clientId),
      registeredAt: new Date().toISOString(),
    };
    const position = await this.machineClients.register(client, origin);
    const shown = await this.view.written(position, (em) =>
      findMachineClientView(em, machineClientId, { removed: false }),
    );
    return { client: shown, ...present('position', position?.toString()) };
  }

  private async trusted(issuer: string | undefined): Promise<string> {
    if (issuer === undefined) throw untrusted('is needed: the service has no issuer of its own');
    if (issuer === this.environmentIssuer) return issuer;
    const known = await this.view.read((em) => em.count(IdentityProvider, { issuer, isActive: true }));
    if (known === 0) throw untrusted('is no active identity provider; register it first');
    return issuer;
  }
}

/** Some issuers write the id of a client that acts by itself as `<id>@clients`; it is the same client. */
const asInTokens = (clientId: string) => clientId.replace(/@clients$/, '');

const untrusted = (message: string) =>
  new Problem('request-invalid', 'Mend oidc_issuer and send the request again.', {
    members: { errors: [{ field: 'oidc_issuer', message }] },
  });
