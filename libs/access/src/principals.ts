import {
  type Caller,
  identityProviderEventSchemas,
  machineClientEventSchemas,
  Problem,
  type Recorded,
  teamEventSchemas,
  trustRuleEventSchemas,
  userEventSchemas,
} from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { callerProblem, type EnvironmentIssuer, findPrincipal, type Principal } from './principal.js';

const REMEMBERED_CALLERS = 10_000;

/** Facts of the membership after which somebody may have other rights than before. */
const changesRights = ({ type }: Recorded) => Object.hasOwn(membershipFacts, type) && !HARMLESS.has(type);
const membershipFacts = {
  ...userEventSchemas,
  ...teamEventSchemas,
  ...machineClientEventSchemas,
  ...identityProviderEventSchemas,
  ...trustRuleEventSchemas,
};
const HARMLESS = new Set(['UserLoggedIn', 'MachineClientUsed', 'UserDisplayNameSet', 'TeamDescriptionSet']);

/** Who the callers are, from the membership rows of one app; remembered until the rows change. */
export class Principals {
  private known = new Map<string, Principal>();

  constructor(private readonly environment: EnvironmentIssuer) {}

  /**
   * The active user or machine who asks.
   * @throws Problem `token-missing`, `user-not-authorized`, `user-deactivated`, `machine-client-refused`,
   * `team-deactivated`
   */
  async of(em: EntityManager, caller: Caller | undefined): Promise<Principal> {
    if (caller === undefined) throw new Problem('token-missing', 'This needs a caller. Send a bearer token.');
    const key = keyOf(caller);
    const { known } = this;
    const remembered = known.get(key);
    if (remembered) return remembered;
    const principal = await findPrincipal(em, caller, this.environment);
    const problem = callerProblem(principal);
    if (problem) throw problem;
    // what was read before the rows changed goes into the map that was dropped with the change
    if (known.size < REMEMBERED_CALLERS && principal && isTold(principal)) known.set(key, principal);
    return principal as Principal;
  }

  /** To be told of all facts that have been put into the rows: after some of them nobody is known any more. */
  forgetAfter(facts: readonly Recorded[]): void {
    if (facts.some(changesRights)) this.forgetAll();
  }

  /** To be told when the rows may have changed by facts nobody has told of. */
  forgetAll(): void {
    this.known = new Map();
  }
}

/** All that users and registered clients are found by. */
const keyOf = ({ issuer, subject, clientId, email, emailVerified }: Caller) =>
  JSON.stringify([issuer, subject, clientId, emailVerified && email]);

/** Whether the key tells it all: a trust rule looks at other claims, and a first login has yet to be bound. */
const isTold = ({ machine, notYetBound }: Principal): boolean =>
  machine === undefined ? !notYetBound : 'machineClientId' in machine;
