import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { MachineClientEvent, Recorded } from '#libs/contracts';
import { createdBy, createdByProperties } from './created-by.js';

/** A client of some issuer that acts for one team by itself. Removed ones stay, so that records can name them. */
export const MachineClient = defineEntity({
  name: 'MachineClient',
  tableName: 'machine_client',
  properties: {
    id: p.string().primary(),
    issuer: p.string(),
    clientId: p.string(),
    teamId: p.string(),
    description: p.string().nullable(),
    isActive: p.boolean(),
    isRemoved: p.boolean(),
    createdAt: p.datetime(),
    ...createdByProperties,
    /** To the hour. */
    lastUsedAt: p.datetime().nullable(),
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type MachineClientRow = InferEntity<typeof MachineClient>;

export const machineClientIdOf = ({ data }: Recorded<MachineClientEvent>): string => data.machineClientId;

/** A client's row after one more fact; the same row when the fact is in it already. */
export const machineClientAfter = (
  row: MachineClientRow | undefined,
  fact: Recorded<MachineClientEvent>,
): MachineClientRow | undefined => {
  const { position } = fact;
  if (row && position <= row.position) return row;
  if (fact.type === 'MachineClientRegistered') return newClient(fact);
  return row && { ...row, ...changeIn(fact), position };
};

const changeIn = (fact: Recorded<MachineClientEvent>): Partial<MachineClientRow> => {
  switch (fact.type) {
    case 'MachineClientRegistered':
      return {};
    case 'MachineClientDescriptionSet':
      return { description: fact.data.description ?? null };
    case 'MachineClientDeactivated':
      return { isActive: false };
    case 'MachineClientActivated':
      return { isActive: true };
    case 'MachineClientRemoved':
      return { isActive: false, isRemoved: true };
    case 'MachineClientUsed':
      return { lastUsedAt: new Date(fact.data.usedAt) };
  }
};

const newClient = ({
  data,
  metadata,
  position,
}: Recorded<Extract<MachineClientEvent, { type: 'MachineClientRegistered' }>>): MachineClientRow => {
  const { machineClientId, issuer, clientId, teamId, description, registeredAt } = data;
  return {
    id: machineClientId,
    issuer,
    clientId,
    teamId,
    description: description ?? null,
    isActive: true,
    isRemoved: false,
    createdAt: new Date(registeredAt),
    ...createdBy(metadata.actor),
    lastUsedAt: null,
    position,
  };
};
