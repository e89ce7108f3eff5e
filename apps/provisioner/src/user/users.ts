import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { streams } from '#libs/contracts';
import { type EventStore, handleCommand } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { identityDecider } from './identity.decider.js';
import { type CreateUser, userDecider } from './user.decider.js';

/** Users and the identities bound to them. */
@Injectable()
export class Users {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** Log position of the last thing recorded, if anything was new. */
  async create(user: Omit<CreateUser, 'type'>, origin: Origin): Promise<bigint | undefined> {
    const command = { type: 'CreateUser', ...user } as const;
    const { position } = await handleCommand(this.store, userDecider, streams.user(user.userId), command, {
      ...step(origin, `user-${user.userId}`),
    });
    return position;
  }

  /**
   * From now on this issuer + subject is this user.
   * @throws Problem when it is another user's already
   */
  async bindIdentity(
    identity: { userId: string; issuer: string; subject: string },
    at: string,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const sha256 = createHash('sha256').update(`${identity.issuer}|${identity.subject}`).digest('hex');
    await handleCommand(
      this.store,
      identityDecider,
      streams.identity(sha256),
      { type: 'ClaimIdentity', ...identity, claimedAt: at },
      step(origin, `identity-${sha256}`),
    );
    const { position } = await handleCommand(
      this.store,
      userDecider,
      streams.user(identity.userId),
      { type: 'BindIdentity', ...identity, boundAt: at },
      step(origin, `bind-${sha256}`),
    );
    return position;
  }
}
