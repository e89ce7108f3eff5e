import { Inject, Injectable } from '@nestjs/common';
import { type Principal, requirePrincipal } from '#libs/access';
import { type Actor, type Caller, Problem } from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { originOf } from '../origin.js';
import { DATABASE, ENVIRONMENT_ISSUER } from '../provisioner.tokens.js';
import { Users } from '../user/users.js';

/** Who belongs where, as deciding needs it. */
@Injectable()
export class Tenancy {
  /** Identities known to be bound, so that a first login is looked for only once per process. */
  private readonly bound = new Set<string>();

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
    const { environmentIssuer } = this;
    const principal = await requirePrincipal(this.database.em(), caller, { environmentIssuer });
    await this.bindFirstLogin(caller, principal);
    return { ...principal, caller };
  }

  private async bindFirstLogin({ issuer, subject, email }: Caller, { userId }: Principal): Promise<void> {
    const identity = `${issuer}|${subject}`;
    if (this.bound.has(identity)) return;
    if (email !== undefined) {
      const actor: Actor = { kind: 'user', issuer, subject, userId };
      const origin = originOf({ requestId: `first-login-${userId}` }, actor);
      await this.users.bindIdentity({ userId, issuer, subject }, new Date().toISOString(), origin);
    }
    this.bound.add(identity);
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
