import { Inject, Injectable } from '@nestjs/common';
import { Problem, streams } from '#libs/contracts';
import { type EventStore, handleCommand, load } from '#libs/event-store';
import { Claims } from '../claim/claims.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { clientIdClaim, teamClientClaim } from './machine-client.claims.js';
import {
  type KnownClient,
  type MachineClientCommand,
  machineClientDecider,
  type RegisterClient,
} from './machine-client.decider.js';

/** Absent = keep, null = clear. */
export type ClientChange = {
  machineClientId: string;
  description?: string | null | undefined;
  isActive?: boolean | undefined;
  at: string;
};

/** The machine clients' streams, and what only one of them may have: its id at an issuer, its team while active. */
@Injectable()
export class MachineClients {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly claims: Claims,
  ) {}

  /**
   * Log position of what was recorded, if it was new. Safe to repeat.
   * @throws Problem `already-exists` when issuer and client id are taken, or the team has an active client
   */
  async register(client: Omit<RegisterClient, 'type'>, origin: Origin): Promise<bigint | undefined> {
    const { machineClientId, teamId, registeredAt } = client;
    await this.claims.take(clientIdClaim(client), machineClientId, registeredAt, origin);
    try {
      await this.claims.take(teamClientClaim(teamId), machineClientId, registeredAt, origin);
    } catch (refusal) {
      await this.claims.giveBack(clientIdClaim(client), machineClientId, registeredAt, origin);
      throw refusal;
    }
    return (await this.handle({ type: 'RegisterClient', ...client }, origin)).position;
  }

  /**
   * All of it or, when it is refused, nothing.
   * @throws Problem `machine-client-unknown`, `already-exists` when the team has another active client
   */
  async change(
    { machineClientId, description, isActive, at }: ClientChange,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const { teamId } = await this.known(machineClientId);
    const team = teamClientClaim(teamId);
    if (isActive) await this.claims.take(team, machineClientId, at, origin);
    const described =
      description === undefined
        ? undefined
        : await this.handle({ type: 'DescribeClient', machineClientId, description, at }, origin);
    if (isActive === undefined) return described?.position;
    const type = isActive ? 'ActivateClient' : 'DeactivateClient';
    const turned = await this.handle({ type, machineClientId, at }, origin);
    if (!isActive && turned.events.length > 0) await this.claims.giveBack(team, machineClientId, at, origin);
    return turned.position ?? described?.position;
  }

  /** @throws Problem `machine-client-unknown` */
  async remove(machineClientId: string, at: string, origin: Origin): Promise<bigint | undefined> {
    const client = await this.known(machineClientId);
    const { position } = await this.handle({ type: 'RemoveClient', machineClientId, at }, origin);
    await this.claims.giveBack(teamClientClaim(client.teamId), machineClientId, at, origin);
    await this.claims.giveBack(clientIdClaim(client), machineClientId, at, origin);
    return position;
  }

  async recordUse(machineClientId: string, at: string, origin: Origin): Promise<void> {
    await this.handle({ type: 'RecordUse', machineClientId, at }, origin);
  }

  /** @throws Problem `machine-client-unknown` */
  async known(machineClientId: string): Promise<KnownClient> {
    const { state } = await load(this.store, machineClientDecider, streams.machineClient(machineClientId));
    if (state.status === 'active' || state.status === 'inactive') return state;
    throw new Problem('machine-client-unknown', 'There is no such machine client.');
  }

  private handle(command: MachineClientCommand, origin: Origin) {
    const { type, machineClientId } = command;
    const stream = streams.machineClient(machineClientId);
    return handleCommand(
      this.store,
      machineClientDecider,
      stream,
      command,
      step(origin, `${type}-${machineClientId}`),
    );
  }
}
