import { Inject, Injectable } from '@nestjs/common';
import { Problem, streams } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import { type Origin, step } from '../origin.js';
import { ENVIRONMENT_ISSUER, EVENT_STORE } from '../provisioner.tokens.js';
import { type KnownUser, userDecider } from '../user/user.decider.js';
import {
  type AdminRoster,
  type AdminRosterCommand,
  adminRosterDecider,
  type CloseIssuer,
  isSomebodyLeft,
  type RemoveAdmin,
  type SeenAdmin,
} from './admin-roster.decider.js';

/** The one who was to stay may go at the same moment: then somebody else has to be found. */
const TRIES = 5;

/** Sees to it that one active administrator who can sign in always stays, by whatever path others cease to be. */
@Injectable()
export class Admins {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(ENVIRONMENT_ISSUER) private readonly environmentIssuer: string | undefined,
  ) {}

  /** After the user has become an active administrator. */
  async add(userId: string, at: string, origin: Origin): Promise<void> {
    await this.handle({ type: 'AddAdmin', userId, at }, step(origin, `admin-${userId}`));
  }

  /**
   * Before the user ceases to be an active administrator.
   * @throws Problem `last-admin`
   */
  remove(userId: string, at: string, origin: Origin): Promise<void> {
    return this.whileSomebodyStays({ type: 'RemoveAdmin', userId, at }, step(origin, `no-admin-${userId}`));
  }

  /**
   * Before the identity provider of this issuer is switched off or removed.
   * @throws Problem `last-admin`
   */
  closeIssuer(issuer: string, at: string, origin: Origin): Promise<void> {
    return this.whileSomebodyStays({ type: 'CloseIssuer', issuer, at }, step(origin, `closed-${issuer}`));
  }

  /**
   * Before tokens of this issuer may cease to be accepted although it stays trusted.
   * @throws Problem `last-admin` when no administrator could sign in without it
   */
  async outside(issuer: string, at: string): Promise<void> {
    if (await this.somebodyAfter({ type: 'CloseIssuer', issuer, at })) return;
    throw new Problem(
      'last-admin',
      'No active administrator could sign in any more: your own token is for none of these audiences. Come with one that is, or give an administrator another identity first.',
    );
  }

  /** After the identity provider of this issuer is switched on. */
  async reopenIssuer(issuer: string, at: string, origin: Origin): Promise<void> {
    await this.handle({ type: 'ReopenIssuer', issuer, at }, step(origin, `reopened-${issuer}`));
  }

  private async whileSomebodyStays(
    command: Omit<RemoveAdmin, 'confirmed'> | Omit<CloseIssuer, 'confirmed'>,
    origin: Origin,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      const staying = await this.somebodyAfter(command);
      const confirmed = staying === undefined ? [] : [staying];
      try {
        await this.handle({ ...command, confirmed }, step(origin, `${tries}`));
        return;
      } catch (error) {
        const lost = error instanceof Problem && error.code === 'last-admin' && staying !== undefined;
        if (!lost || tries === TRIES) throw error;
      }
    }
  }

  private handle(command: AdminRosterCommand, origin: Origin) {
    return handleCommand(this.store, adminRosterDecider, streams.adminRoster(), command, origin);
  }

  /** Somebody who would be left. */
  private async somebodyAfter(
    command: Omit<RemoveAdmin, 'confirmed'> | Omit<CloseIssuer, 'confirmed'>,
  ): Promise<SeenAdmin | undefined> {
    const { state: roster } = await load(this.store, adminRosterDecider, streams.adminRoster());
    const left = rosterAfter(command, roster);
    for (const userId of left.admins) {
      const { state } = await load(this.store, userDecider, streams.user(userId));
      if (state.status !== 'active' || !state.isAdmin) continue;
      const seen = { userId, ...this.signsIn(state) };
      if (isSomebodyLeft(left, [seen])) return seen;
    }
    return undefined;
  }

  /** Before the first login an e-mail is good for the environment's issuer, which may speak for all. */
  private signsIn({ identities, email }: KnownUser): Omit<SeenAdmin, 'userId'> {
    // an issuer holds no bar, a subject may
    const issuers = [...identities].map((identity) => identity.slice(0, identity.indexOf('|')));
    const byEnvironment =
      issuers.length > 0
        ? this.environmentIssuer !== undefined && issuers.includes(this.environmentIssuer)
        : email !== undefined;
    return { issuers, byEnvironment };
  }
}

const rosterAfter = (
  command: Omit<RemoveAdmin, 'confirmed'> | Omit<CloseIssuer, 'confirmed'>,
  { admins, closedIssuers }: AdminRoster,
): AdminRoster =>
  command.type === 'RemoveAdmin'
    ? { closedIssuers, admins: new Set([...admins].filter((userId) => userId !== command.userId)) }
    : { admins, closedIssuers: new Set(closedIssuers).add(command.issuer) };
