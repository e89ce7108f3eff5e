import { type Decision, type MachineClientEvent, machineClientEvent, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

export type KnownClient = {
  status: 'active' | 'inactive';
  issuer: string;
  clientId: string;
  teamId: string;
  description: string | undefined;
  lastUsedAt: string | undefined;
};
export type MachineClientState = { status: 'unknown' } | { status: 'removed' } | KnownClient;

type DataOf<Type extends MachineClientEvent['type']> = Extract<MachineClientEvent, { type: Type }>['data'];
export type RegisterClient = { type: 'RegisterClient' } & DataOf<'MachineClientRegistered'>;
/** `null` = none any more. */
export type DescribeClient = {
  type: 'DescribeClient';
  machineClientId: string;
  description: string | null;
  at: string;
};
export type ActivateClient = { type: 'ActivateClient'; machineClientId: string; at: string };
export type DeactivateClient = { type: 'DeactivateClient'; machineClientId: string; at: string };
export type RemoveClient = { type: 'RemoveClient'; machineClientId: string; at: string };
export type RecordUse = { type: 'RecordUse'; machineClientId: string; at: string };
export type MachineClientCommand =
  | RegisterClient
  | DescribeClient
  | ActivateClient
  | DeactivateClient
  | RemoveClient
  | RecordUse;

/** Uses are told apart by the hour. */
const USE_GRANULARITY_MS = 3_600_000;

const describeClient = (
  { machineClientId, description, at }: DescribeClient,
  client: KnownClient,
): Decision<MachineClientEvent> =>
  (description ?? undefined) === client.description
    ? []
    : [
        machineClientEvent('MachineClientDescriptionSet')({
          machineClientId,
          setAt: at,
          ...(description === null ? {} : { description }),
        }),
      ];

const activate = (
  { machineClientId, at }: ActivateClient,
  { status }: KnownClient,
): Decision<MachineClientEvent> =>
  status === 'active'
    ? []
    : [machineClientEvent('MachineClientActivated')({ machineClientId, activatedAt: at })];

const deactivate = (
  { machineClientId, at }: DeactivateClient,
  { status }: KnownClient,
): Decision<MachineClientEvent> =>
  status === 'inactive'
    ? []
    : [machineClientEvent('MachineClientDeactivated')({ machineClientId, deactivatedAt: at })];

const recordUse = (
  { machineClientId, at }: RecordUse,
  { lastUsedAt }: KnownClient,
): Decision<MachineClientEvent> => {
  const recent = lastUsedAt !== undefined && Date.parse(at) - Date.parse(lastUsedAt) < USE_GRANULARITY_MS;
  return recent ? [] : [machineClientEvent('MachineClientUsed')({ machineClientId, usedAt: at })];
};

/** A client of some issuer that acts for one team by itself. What is removed does not come back. */
export const machineClientDecider: Decider<MachineClientCommand, MachineClientState, MachineClientEvent> = {
  initial: { status: 'unknown' },
  decide: (command, client) => {
    if (command.type === 'RegisterClient') {
      const { type: _, ...registered } = command;
      return client.status === 'unknown' ? [machineClientEvent('MachineClientRegistered')(registered)] : [];
    }
    if (client.status === 'unknown' || client.status === 'removed')
      return refused('machine-client-unknown', 'There is no such machine client.');
    switch (command.type) {
      case 'DescribeClient':
        return describeClient(command, client);
      case 'ActivateClient':
        return activate(command, client);
      case 'DeactivateClient':
        return deactivate(command, client);
      case 'RemoveClient': {
        const { machineClientId, at } = command;
        return [machineClientEvent('MachineClientRemoved')({ machineClientId, removedAt: at })];
      }
      case 'RecordUse':
        return recordUse(command, client);
    }
  },
  evolve: (client, event) => {
    if (event.type === 'MachineClientRegistered') {
      const { issuer, clientId, teamId, description } = event.data;
      return { status: 'active', issuer, clientId, teamId, description, lastUsedAt: undefined };
    }
    if (client.status === 'unknown' || client.status === 'removed') return client;
    switch (event.type) {
      case 'MachineClientDescriptionSet':
        return { ...client, description: event.data.description };
      case 'MachineClientActivated':
        return { ...client, status: 'active' };
      case 'MachineClientDeactivated':
        return { ...client, status: 'inactive' };
      case 'MachineClientRemoved':
        return { status: 'removed' };
      case 'MachineClientUsed':
        return { ...client, lastUsedAt: event.data.usedAt };
    }
  },
};

/** A client after what the log tells of it; the codec has checked that it is about machine clients. */
export const machineClientAfter = (history: readonly { type: string; data: unknown }[]): MachineClientState =>
  (history as readonly MachineClientEvent[]).reduce(
    machineClientDecider.evolve,
    machineClientDecider.initial,
  );
