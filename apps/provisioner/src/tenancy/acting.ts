import type { Principal } from '#libs/access';
import type { Actor, Caller } from '#libs/contracts';

/** A principal and the verified identity it came with. */
export type Acting = Principal & { caller: Caller };

export const actorOf = ({ kind, userId, machine, caller: { issuer, subject } }: Acting): Actor =>
  kind === 'user' ? { kind, issuer, subject, userId } : { kind, issuer, subject, ...machine };
