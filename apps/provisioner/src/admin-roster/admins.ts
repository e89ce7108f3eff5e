import { Inject, Injectable } from '@nestjs/common';
import { Problem, streams } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { userDecider } from '../user/user.decider.js';
import { adminRosterDecider } from './admin-roster.decider.js';

/** The one who was to stay may go at the same moment: then somebody else has to be found. */
const TRIES = 5;

/** Sees to it that one active administrator always stays, by whatever path somebody ceases to be one. */
@Injectable()
export class Admins {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  /** After the user has become an active administrator. */
  async add(userId: string, at: string, origin: Origin): Promise<void> {
    const command = { type: 'AddAdmin', userId, at } as const;
    await this.handle(command, step(origin, `admin-${userId}`));
  }

  /**
   * Before the user ceases to be an active administrator.
   * @throws Problem `last-admin`
   */
  async remove(userId: string, at: string, origin: Origin): Promise<void> {
    for (let tries = 1; ; tries++) {
      const other = await this.anotherThan(userId);
      const confirmed = other === undefined ? [] : [other];
      try {
        const command = { type: 'RemoveAdmin', userId, at, confirmed } as const;
        await this.handle(command, step(origin, `no-admin-${userId}-${tries}`));
        return;
      } catch (error) {
        const lost = error instanceof Problem && error.code === 'last-admin' && other !== undefined;
        if (!lost || tries === TRIES) throw error;
      }
    }
  }

  private handle(command: Parameters<typeof adminRosterDecider.decide>[0], origin: Origin) {
    return handleCommand(this.store, adminRosterDecider, streams.adminRoster(), command, origin);
  }

  private async anotherThan(userId: string): Promise<string | undefined> {
    const roster = await load(this.store, adminRosterDecider, streams.adminRoster());
    for (const other of roster.state) {
      if (other === userId) continue;
      const { state } = await load(this.store, userDecider, streams.user(other));
      if (state.status === 'active' && state.isAdmin) return other;
    }
    return undefined;
  }
}
