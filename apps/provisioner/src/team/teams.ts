import { Inject, Injectable } from '@nestjs/common';
import type { TeamEvent } from '#libs/contracts';
import { isRefusal, Problem, problemOfRefusal, streams } from '#libs/contracts';
import { type EventStore, type Handled, handleCommand, type Loaded, load } from '#libs/event-store';
import { CapacityDesk } from '../capacity/capacity-desk.js';
import { Claims } from '../claim/claims.js';
import { untilNotOvertaken } from '../claim/not-overtaken.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import {
  type ChangeTeam,
  type CreateTeam,
  type KnownTeam,
  type TeamCommand,
  type TeamState,
  teamDecider,
} from './team.decider.js';
import { teamNameClaim } from './team-name.claim.js';

/** The teams' streams, and their names, of which each is one team's. */
@Injectable()
export class Teams {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly claims: Claims,
    private readonly desk: CapacityDesk,
  ) {}

  load(teamId: string): Promise<Loaded<TeamState>> {
    return load(this.store, teamDecider, streams.team(teamId));
  }

  /** @throws Problem `team-unknown` */
  async known(teamId: string): Promise<KnownTeam> {
    const { state } = await this.load(teamId);
    if (state.status === 'unknown') throw new Problem('team-unknown', 'There is no such team.');
    return state;
  }

  /** @throws Problem `team-unknown`, `team-deactivated` */
  async active(teamId: string): Promise<KnownTeam> {
    const team = await this.known(teamId);
    if (team.status === 'active') return team;
    throw new Problem('team-deactivated', `The team ${team.name} has been deactivated. Reactivate it first.`);
  }

  /**
   * Log position of what was recorded, if it was new. Safe to repeat.
   * @throws Problem `already-exists` when the name is another team's
   */
  async create(team: Omit<CreateTeam, 'type'>, origin: Origin): Promise<bigint | undefined> {
    await this.claims.take(teamNameClaim(team.name), team.teamId, team.createdAt, origin);
    return (await this.handle({ type: 'CreateTeam', ...team }, origin)).position;
  }

  /** @throws Problem `team-unknown`, `already-exists` */
  change(change: Omit<ChangeTeam, 'type'>, origin: Origin): Promise<bigint | undefined> {
    return untilNotOvertaken(origin, async (attempt) => {
      const { teamId, name, at } = change;
      const command = { type: 'ChangeTeam', ...change } as const;
      const loaded = await this.load(teamId);
      const { state: before } = loaded;
      const decision = teamDecider.decide(command, before);
      if (isRefusal(decision)) throw problemOfRefusal(decision);
      if (name === undefined || before.status === 'unknown')
        return (await this.handle(command, attempt)).position;
      if (before.name === name) return (await this.handle(command, attempt, loaded)).position;
      await this.claims.takeAnew(teamNameClaim(name), teamId, at, attempt);
      const { position } = await this.handle(command, attempt, loaded);
      if (position !== undefined)
        await this.claims.giveBackFrom(position, teamNameClaim(before.name), teamId, at, attempt);
      return position;
    });
  }

  /**
   * After it no runner of the team begins, whatever was planned before: the desk gives no slots.
   * @throws Problem `team-unknown`, `already-inactive`
   */
  async deactivate(teamId: string, reason: string, at: string, origin: Origin): Promise<bigint | undefined> {
    const { position } = await this.handle({ type: 'DeactivateTeam', teamId, reason, at }, origin);
    await this.desk.close({ kind: 'team', id: teamId }, at, step(origin, `close-${teamId}`));
    return position;
  }

  /** @throws Problem `team-unknown`, `already-active` */
  async reactivate(teamId: string, at: string, origin: Origin): Promise<bigint | undefined> {
    const { position } = await this.handle({ type: 'ReactivateTeam', teamId, at }, origin);
    await this.desk.open({ kind: 'team', id: teamId }, at, step(origin, `open-${teamId}`));
    return position;
  }

  /**
   * With `asLoaded`: only if nothing was recorded since.
   * @throws Problem of the decider
   */
  handle(
    command: TeamCommand,
    origin: Origin,
    asLoaded?: Loaded<TeamState>,
  ): Promise<Handled<TeamState, TeamEvent>> {
    const { type, teamId } = command;
    const who = 'userId' in command ? `-${command.userId}` : '';
    return handleCommand(this.store, teamDecider, streams.team(teamId), command, {
      ...step(origin, `${type}-${teamId}${who}`),
      ...(asLoaded ? { loaded: asLoaded, unlessOvertaken: true } : {}),
    });
  }
}
