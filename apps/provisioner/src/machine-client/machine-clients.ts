import { Inject, Injectable } from '@nestjs/common';
import { Problem, streams, type TeamClientEvent } from '#libs/contracts';
import { type EventStore, handleCommand, type Loaded, load } from '#libs/event-store';
import { type Claimable, Claims } from '../claim/claims.js';
import { untilNotOvertaken } from '../claim/not-overtaken.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { clientIdClaim, teamClientClaim } from './machine-client.claims.js';
import {
  type KnownClient,
  type MachineClientCommand,
  type MachineClientState,
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
    await this.known(machineClientId);
    const turned =
      isActive === undefined ? undefined : await this.turn(machineClientId, isActive, at, origin);
    if (description === undefined) return turned;
    const command = { type: 'DescribeClient', machineClientId, description, at } as const;
    return (await this.handle(command, origin)).position ?? turned;
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
    const { state } = await this.load(machineClientId);
    if (isKnown(state)) return state;
    throw unknownClient();
  }

  /** Whether the team is taken is decided elsewhere: the client must still be what it was when that was asked. */
  private turn(
    machineClientId: string,
    isActive: boolean,
    at: string,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const type = isActive ? 'ActivateClient' : 'DeactivateClient';
    let taken: Claimable<TeamClientEvent> | undefined;
    return untilNotOvertaken(origin, async (attempt) => {
      const loaded = await this.load(machineClientId);
      const client = loaded.state;
      if (!isKnown(client)) {
        // it was removed while it was to be activated
        if (taken) await this.claims.giveBack(taken, machineClientId, at, attempt);
        throw unknownClient();
      }
      if ((client.status === 'active') === isActive) return undefined;
      const team = teamClientClaim(client.teamId);
      if (isActive) {
        await this.claims.takeAnew(team, machineClientId, at, attempt);
        taken = team;
      }
      const { position } = await this.handle({ type, machineClientId, at }, attempt, loaded);
      if (!isActive && position !== undefined)
        await this.claims.giveBackFrom(position, team, machineClientId, at, attempt);
      return position;
    });
  }

  private load(machineClientId: string): Promise<Loaded<MachineClientState>> {
    return load(this.store, machineClientDecider, streams.machineClient(machineClientId));
  }

  /** With `asLoaded`: only if nothing was recorded since. */
  private handle(command: MachineClientCommand, origin: Origin, asLoaded?: Loaded<MachineClientState>) {
    const { type, machineClientId } = command;
    const stream = streams.machineClient(machineClientId);
    return handleCommand(this.store, machineClientDecider, stream, command, {
      ...step(origin, `${type}-${machineClientId}`),
      ...(asLoaded ? { loaded: asLoaded, unlessOvertaken: true } : {}),
    });
  }
}

const isKnown = (client: MachineClientState): client is KnownClient =>
  client.status === 'active' || client.status === 'inactive';

const unknownClient = () => new Problem('machine-client-unknown', 'There is no such machine client.');
