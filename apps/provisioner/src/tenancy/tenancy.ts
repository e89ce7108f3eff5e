import { Inject, Injectable } from '@nestjs/common';
import { type Principal, requirePrincipal } from '#libs/access';
import { type Actor, type Caller, Problem } from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { originOf } from '../origin.js';
import { DATABASE, ENVIRONMENT_ISSUER } from '../provisioner.tokens.js';
import { Users } from '../user/users.js';

const REMEMBERED_CALLERS = 10_000;

/** Who belongs where, as deciding needs it. */
@Injectable()
export class Tenancy {
  /** Principals by identity, as the rows have them now; emptied whenever the rows change. */
  private known = new Map<string, Principal>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly users: Users,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
  ) {}

  /**
   * The active user behind a caller; the first login binds issuer + subject to the user its e-mail names.
   * @throws Problem `user-not-authorized`, `user-deactivated`
   */
  async principalOf(caller: Caller | undefined): Promise<Acting> {
    if (caller === undefined) throw new Problem('token-missing', 'This needs a caller. Send a bearer token.');
    const identity = `${caller.issuer}|${caller.subject}`;
    const { known } = this;
    const principal = known.get(identity) ?? (await this.lookUp(caller));
    // what was read before the rows changed goes into the map that was dropped with the change
    if (known.size < REMEMBERED_CALLERS) known.set(identity, principal);
    return { ...principal, caller };
  }

  /** Somebody's rights may have changed: nobody is answered from memory any more. */
  forget(): void {
    this.known = new Map();
  }

  private async lookUp(caller: Caller): Promise<Principal> {
    const { environmentIssuer } = this;
    const principal = await requirePrincipal(this.database.em(), caller, { environmentIssuer });
    await this.bindFirstLogin(caller, principal);
    return principal;
  }

  private async bindFirstLogin({ issuer, subject, email }: Caller, { userId }: Principal): Promise<void> {
    if (email === undefined) return;
    const actor: Actor = { kind: 'user', issuer, subject, userId };
    const origin = originOf({ requestId: `first-login-${userId}` }, actor);
    await this.users.bindIdentity({ userId, issuer, subject }, new Date().toISOString(), origin);
  }
}

/** A principal and the verified identity it came with. */
export type Acting = Principal & { caller: Caller };

export const actorOf = ({ userId, caller: { issuer, subject } }: Acting): Actor => ({
  kind: 'user',
  issuer,
  subject,
  userId,
});
