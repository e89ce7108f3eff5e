import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { findPrincipal, type Principal, Principals } from '#libs/access';
import {
  type Actor,
  administratorsOnly,
  type Caller,
  Problem,
  type Recorded,
  type RequestContext,
} from '#libs/contracts';
import type { Database } from '#libs/read-model';
import { originOf } from '../origin.js';
import { DATABASE, ENVIRONMENT_ISSUER } from '../provisioner.tokens.js';
import { Users } from '../user/users.js';
import type { Acting } from './acting.js';
import { Sightings } from './sightings.js';

/** Who belongs where, as deciding needs it. */
@Injectable()
export class Tenancy {
  private readonly principals: Principals;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly users: Users,
    private readonly sightings: Sightings,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
  ) {
    this.principals = new Principals({ environmentIssuer });
  }

  /**
   * The active user or machine who asks; the first login binds issuer + subject to the user its e-mail names.
   * @throws Problem `token-missing`, `user-not-authorized`, `user-deactivated`, `machine-client-refused`,
   * `team-deactivated`
   */
  async principalOf(context: RequestContext): Promise<Acting> {
    const { caller } = context;
    if (caller === undefined) throw new Problem('token-missing', 'This needs a caller. Send a bearer token.');
    const principal = await this.database.read((em) => this.principals.of(em, caller));
    if (principal.notYetBound) await this.bindFirstLogin(caller, principal, context);
    const acting = { ...principal, caller };
    this.sightings.note(acting, context);
    return acting;
  }

  /**
   * The same, when only administrators may.
   * @throws Problem `admin-required` and those above
   */
  async administrator(context: RequestContext): Promise<Acting> {
    const principal = await this.principalOf(context);
    administratorsOnly(principal);
    return principal;
  }

  /** Somebody's rights may have changed: nobody is answered from memory any more. */
  forgetAfter(facts: readonly Recorded[]): void {
    this.principals.forgetAfter(facts);
  }

  /** The same, for facts nobody has told of. */
  forgetAll(): void {
    this.principals.forgetAll();
  }

  private async bindFirstLogin(
    { issuer, subject, email = '' }: Caller,
    { userId }: Principal,
    context: RequestContext,
  ): Promise<void> {
    const actor: Actor = { kind: 'user', issuer, subject, userId };
    const at = new Date().toISOString();
    await this.users.bindByEmail(userId, email, { issuer, subject }, at, originOf(context, actor));
    await this.untilFound({ issuer, subject, emailVerified: false });
  }

  /** The next token may hold no e-mail: by then the rows have to know issuer and subject. */
  private async untilFound(identity: Caller): Promise<void> {
    const giveUpAt = Date.now() + ROWS_PATIENCE_MS;
    while (Date.now() < giveUpAt) {
      const { environmentIssuer } = this;
      const found = await this.database.read((em) => findPrincipal(em, identity, { environmentIssuer }));
      if (found) return;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

const ROWS_PATIENCE_MS = 1_000;
const LOOK_AGAIN_MS = 10;
