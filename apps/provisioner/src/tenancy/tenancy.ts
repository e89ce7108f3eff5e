import { Inject, Injectable } from '@nestjs/common';
import { type Principal, Principals } from '#libs/access';
import { type Actor, type Caller, Problem, type Recorded } from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { originOf } from '../origin.js';
import { DATABASE, ENVIRONMENT_ISSUER } from '../provisioner.tokens.js';
import { Users } from '../user/users.js';

/** Who belongs where, as deciding needs it. */
@Injectable()
export class Tenancy {
  private readonly principals: Principals;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly users: Users,
    @Inject(ENVIRONMENT_ISSUER) environmentIssuer: string | undefined,
  ) {
    this.principals = new Principals({ environmentIssuer });
  }

  /**
   * The active user or machine behind a caller; the first login binds issuer + subject to the user its e-mail names.
   * @throws Problem `token-missing`, `user-not-authorized`, `user-deactivated`, `machine-client-refused`,
   * `team-deactivated`
   */
  async principalOf(caller: Caller | undefined): Promise<Acting> {
    if (caller === undefined) throw new Problem('token-missing', 'This needs a caller. Send a bearer token.');
    const principal = await this.principals.of(this.database.em(), caller);
    if (principal.notYetBound) await this.bindFirstLogin(caller, principal);
    return { ...principal, caller };
  }

  /**
   * The same, when only administrators may.
   * @throws Problem `admin-required` and those above
   */
  async administrator(caller: Caller | undefined): Promise<Acting> {
    const principal = await this.principalOf(caller);
    if (principal.isAdmin) return principal;
    throw new Problem('admin-required', 'Only an administrator of this service may do this.');
  }

  /** Somebody's rights may have changed: nobody is answered from memory any more. */
  forgetAfter(facts: readonly Recorded[]): void {
    this.principals.forgetAfter(facts);
  }

  private async bindFirstLogin({ issuer, subject }: Caller, { userId }: Principal): Promise<void> {
    const actor: Actor = { kind: 'user', issuer, subject, userId };
    const origin = originOf({ requestId: `first-login-${userId}` }, actor);
    await this.users.bindByEmail(userId, { issuer, subject }, new Date().toISOString(), origin);
  }
}

/** A principal and the verified identity it came with. */
export type Acting = Principal & { caller: Caller };

export const actorOf = ({ kind, userId, machine, caller: { issuer, subject } }: Acting): Actor =>
  kind === 'user' ? { kind, issuer, subject, userId } : { kind, issuer, subject, ...machine };
