import { Inject, Injectable } from '@nestjs/common';
import { isRefusal, Problem, type ProblemCode, problemOfRefusal, streams } from '#libs/contracts';
import { type EventStore, handleCommand, type Loaded, load } from '#libs/event-store';
import { Admins } from '../admin-roster/admins.js';
import { Claims } from '../claim/claims.js';
import { untilNotOvertaken } from '../claim/not-overtaken.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { emailClaim } from './email.claim.js';
import { identityClaim } from './identity.claim.js';
import {
  type ChangeUser,
  type CreateUser,
  type KnownUser,
  type UserCommand,
  type UserState,
  userDecider,
} from './user.decider.js';

/** The refusals of a first login. */
const NOT_BOUND: readonly ProblemCode[] = ['user-not-authorized', 'user-deactivated'];

/** `reason` counts for a deactivation only. */
export type BecomesActive = { active: boolean; reason: string };

export type Identity = { issuer: string; subject: string };

/** The users' streams, and what only one of them may have. */
@Injectable()
export class Users {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly claims: Claims,
    private readonly admins: Admins,
  ) {}

  load(userId: string): Promise<Loaded<UserState>> {
    return load(this.store, userDecider, streams.user(userId));
  }

  /** @throws Problem `user-unknown` */
  async known(userId: string): Promise<KnownUser> {
    const { state } = await this.load(userId);
    if (state.status === 'unknown') throw new Problem('user-unknown', 'There is no such user.');
    return state;
  }

  /**
   * Log position of the last thing recorded, if anything was new. Safe to repeat.
   * @throws Problem `already-exists` when e-mail or identity is another user's
   */
  async create(
    user: Omit<CreateUser, 'type'>,
    identity: Identity | undefined,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const { userId, email, createdAt } = user;
    if (email !== undefined) await this.claims.take(emailClaim(email), userId, createdAt, origin);
    try {
      if (identity) await this.claims.take(identityClaim(identity), userId, createdAt, origin);
    } catch (refusal) {
      const { state } = await this.load(userId);
      if (email !== undefined && state.status === 'unknown')
        await this.claims.giveBack(emailClaim(email), userId, createdAt, origin);
      throw refusal;
    }
    const created = await this.handle({ type: 'CreateUser', ...user }, origin);
    const bound =
      identity &&
      (await this.handle(
        { type: 'BindIdentity', userId, ...identity, byEmail: undefined, at: createdAt },
        origin,
      ));
    if (isActiveAdmin(created.state)) await this.admins.add(userId, createdAt, origin);
    return bound?.position ?? created.position;
  }

  /**
   * The first login: from now on this issuer + subject is the user its e-mail names.
   * @throws Problem `user-not-authorized` when the identity is another user's, the user has one already or has
   * another e-mail by now; `user-deactivated`
   */
  async bindByEmail(
    userId: string,
    byEmail: string,
    identity: Identity,
    at: string,
    origin: Origin,
  ): Promise<void> {
    const claim = identityClaim(identity);
    try {
      await this.claims.take(claim, userId, at, origin);
    } catch (error) {
      throw error instanceof Problem && error.code === 'already-exists' ? belongsToAnother() : error;
    }
    try {
      await this.handle({ type: 'BindIdentity', userId, ...identity, byEmail, at }, origin);
    } catch (error) {
      if (error instanceof Problem && NOT_BOUND.includes(error.code))
        await this.claims.giveBack(claim, userId, at, origin);
      throw error;
    }
  }

  /**
   * All of it or, when it is refused, nothing.
   * @throws Problem `user-unknown`, `already-exists`, `last-admin`
   */
  change(
    change: Omit<ChangeUser, 'type'>,
    becomes: BecomesActive | undefined,
    origin: Origin,
  ): Promise<bigint | undefined> {
    return untilNotOvertaken(origin, (attempt) => this.tryToChange(change, becomes, attempt));
  }

  /** @throws RevisionConflict when an e-mail is given and somebody else changed the user meanwhile */
  private async tryToChange(
    change: Omit<ChangeUser, 'type'>,
    becomes: BecomesActive | undefined,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const { userId, email, isAdmin, at } = change;
    const command = { type: 'ChangeUser', ...change } as const;
    const { before, loaded } = await this.foresee(command);
    const moves = email !== undefined && !isSameEmail(email, before.email);
    // before the first login the e-mail is all there is to sign in with
    const losesSignIn = email === null && before.identities.size === 0;
    const endsAdmin = isAdmin === false || becomes?.active === false || losesSignIn;
    if (endsAdmin && isActiveAdmin(before)) await this.admins.remove(userId, at, origin);
    try {
      if (moves && email !== null) await this.claims.takeAnew(emailClaim(email), userId, at, origin);
    } catch (refusal) {
      if (isActiveAdmin(before)) await this.admins.add(userId, at, origin);
      throw refusal;
    }
    const changed = await this.handle(command, origin, email === undefined ? undefined : loaded);
    const turned = becomes && (await this.turn(userId, becomes, changed.state, at, origin));
    if (isActiveAdmin(turned?.state ?? changed.state)) await this.admins.add(userId, at, origin);
    if (moves && before.email !== undefined && changed.position !== undefined)
      await this.claims.giveBackFrom(changed.position, emailClaim(before.email), userId, at, origin);
    return turned?.position ?? changed.position;
  }

  /** @throws Problem `user-unknown`, `already-inactive`, `last-admin` */
  async deactivate(userId: string, reason: string, at: string, origin: Origin): Promise<bigint | undefined> {
    const command = { type: 'DeactivateUser', userId, reason, at } as const;
    const { before } = await this.foresee(command);
    if (isActiveAdmin(before)) await this.admins.remove(userId, at, origin);
    return (await this.handle(command, origin)).position;
  }

  /** @throws Problem `user-unknown`, `already-active` */
  async activate(userId: string, at: string, origin: Origin): Promise<bigint | undefined> {
    const { state, position } = await this.handle({ type: 'ActivateUser', userId, at }, origin);
    if (isActiveAdmin(state)) await this.admins.add(userId, at, origin);
    return position;
  }

  async recordLogin(userId: string, at: string, origin: Origin): Promise<void> {
    await this.handle({ type: 'RecordLogin', userId, at }, origin);
  }

  /** What is so already stays so. */
  private async turn(
    userId: string,
    { active, reason }: BecomesActive,
    { status }: UserState,
    at: string,
    origin: Origin,
  ) {
    if ((status === 'active') === active) return undefined;
    const command = active
      ? ({ type: 'ActivateUser', userId, at } as const)
      : ({ type: 'DeactivateUser', userId, reason, at } as const);
    return this.handle(command, origin);
  }

  /** Refuses before anything is taken from or given to anybody. */
  private async foresee(command: UserCommand): Promise<{ before: KnownUser; loaded: Loaded<UserState> }> {
    const loaded = await this.load(command.userId);
    const { state } = loaded;
    const decision = userDecider.decide(command, state);
    if (isRefusal(decision)) throw problemOfRefusal(decision);
    if (state.status === 'unknown') throw new Problem('user-unknown', 'There is no such user.');
    return { before: state, loaded };
  }

  /** With `asLoaded`: only if nothing was recorded since. */
  private handle(command: UserCommand, origin: Origin, asLoaded?: Loaded<UserState>) {
    const { userId, type } = command;
    return handleCommand(this.store, userDecider, streams.user(userId), command, {
      ...step(origin, `${type}-${userId}`),
      ...(asLoaded ? { loaded: asLoaded, unlessOvertaken: true } : {}),
    });
  }
}

const isActiveAdmin = (user: UserState): boolean => user.status === 'active' && user.isAdmin;

const isSameEmail = (one: string | null, other: string | undefined): boolean =>
  one?.toLowerCase() === other?.toLowerCase();

const belongsToAnother = () =>
  new Problem('user-not-authorized', 'This identity belongs to another user. Ask an administrator.');
