import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Problem, type ReplyOf, type subjects } from '#libs/contracts';
import { originOf } from '../origin.js';
import { present } from '../present.js';
import { Teams } from '../team/teams.js';
import { actorOf } from '../tenancy/acting.js';
import { Tenancy } from '../tenancy/tenancy.js';
import { TenancyView } from '../tenancy/tenancy-view.js';
import { CreateUser } from './user.messages.js';
import { findUserView } from './user-views.js';
import { Users } from './users.js';

@CommandHandler(CreateUser)
export class CreateUserHandler implements ICommandHandler<CreateUser> {
  constructor(
    private readonly tenancy: Tenancy,
    private readonly users: Users,
    private readonly teams: Teams,
    private readonly view: TenancyView,
  ) {}

  async execute({ body, context }: CreateUser): Promise<ReplyOf<typeof subjects.createUser>> {
    const { userId, email, oidcIssuer, oidcSub, teamIds, ...rest } = body;
    const administrator = await this.tenancy.administrator(context);
    const identity = identityIn({ email, oidcIssuer, oidcSub });
    for (const teamId of new Set(teamIds)) await this.teams.known(teamId);

    const origin = originOf(context, actorOf(administrator), { commandId: userId });
    const at = new Date().toISOString();
    const user = { userId, ...rest, ...(email === undefined ? {} : { email }), createdAt: at };
    let position = await this.users.create(user, identity, origin);
    for (const teamId of new Set(teamIds)) {
      const added = await this.teams.handle({ type: 'AddMember', teamId, userId, at }, origin);
      position = added.position ?? position;
    }
    const view = await this.view.written(position, (em) => findUserView(em, userId));
    return { user: view, ...present('position', position?.toString()) };
  }
}

type Names = { email: string | undefined; oidcIssuer: string | undefined; oidcSub: string | undefined };

const identityIn = ({ email, oidcIssuer: issuer, oidcSub: subject }: Names) => {
  if (issuer !== undefined && subject !== undefined) return { issuer, subject };
  const missing = issuer === undefined ? 'oidc_issuer' : 'oidc_sub';
  if (issuer !== undefined || subject !== undefined)
    throw incomplete(missing, 'is needed: oidc_issuer and oidc_sub go together');
  if (email === undefined) throw incomplete('email', 'is needed, or oidc_issuer and oidc_sub');
  return undefined;
};

const incomplete = (field: string, message: string) =>
  new Problem('request-invalid', `Mend ${field} and send the request again.`, {
    members: { errors: [{ field, message }] },
  });
