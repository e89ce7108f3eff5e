import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#libs/access';
import { streams } from '#libs/contracts';
import { type EventStore, handleCommand } from '#libs/event-store';
import type { Database } from '#libs/read-model';
import { type Origin, step } from '../origin.js';
import { DATABASE, EVENT_STORE } from '../provisioner.tokens.js';
import { patternOfAllowed } from './allowed-label.js';
import { UserLabelPolicy } from './label-policy.entity.js';
import { type UserPolicyCommand, userPolicyDecider } from './user-policy.decider.js';

/** What counts for a user without a team. */
export type UserPolicy = {
  /** RE2 patterns; a label must match one of them in full. */
  patterns: readonly string[];
  /** Absent: no quota. */
  maxRunners: number | undefined;
};

/** The users' label policies. */
@Injectable()
export class UserPolicies {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Undefined for members of teams, whose teams' policies count, and for users without one. */
  async of({ userId, teams }: Principal): Promise<UserPolicy | undefined> {
    return teams.length > 0 ? undefined : this.ofUser(userId);
  }

  /** Whether or not it counts. */
  async ofUser(userId: string): Promise<UserPolicy | undefined> {
    const row = await this.database.read((em) => em.findOne(UserLabelPolicy, { userId, isRemoved: false }));
    if (row === null) return undefined;
    return {
      patterns: [...row.allowedLabels.map(patternOfAllowed), ...row.labelPatterns],
      maxRunners: row.maxRunners ?? undefined,
    };
  }

  /** @throws Problem `label-policy-unknown` */
  handle(command: UserPolicyCommand, origin: Origin) {
    const { type, userId } = command;
    const stream = streams.labelPolicy(userId);
    return handleCommand(this.store, userPolicyDecider, stream, command, step(origin, `${type}-${userId}`));
  }
}
