import { describe, it } from '@jest/globals';
import { type MachineClientEvent, machineClientEvent } from '#libs/contracts';
import { given } from '#libs/testing';
import { machineClientDecider } from './machine-client.decider.js';

const machineClientId = '5b8f0a1e-0c1d-4e2f-8a3b-1c2d3e4f5a01';
const teamId = '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02';
const AT = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T10:59:59.000Z';
const MUCH_LATER = '2026-03-01T11:00:00.000Z';

const details = { machineClientId, issuer: 'https://auth.example.com', clientId: 'ci', teamId };
const registered = machineClientEvent('MachineClientRegistered')({ ...details, registeredAt: AT });
const deactivated = machineClientEvent('MachineClientDeactivated')({ machineClientId, deactivatedAt: AT });
const activated = machineClientEvent('MachineClientActivated')({ machineClientId, activatedAt: AT });
const removed = machineClientEvent('MachineClientRemoved')({ machineClientId, removedAt: AT });
const used = (usedAt: string) => machineClientEvent('MachineClientUsed')({ machineClientId, usedAt });
const described = machineClientEvent('MachineClientDescriptionSet')({
  machineClientId,
  description: 'CI',
  setAt: AT,
});

const client = (...facts: readonly MachineClientEvent[]) => given(machineClientDecider, ...facts);
const register = { type: 'RegisterClient', ...details, registeredAt: AT } as const;
const on = <Type extends 'ActivateClient' | 'DeactivateClient' | 'RemoveClient' | 'RecordUse'>(
  type: Type,
  at = AT,
) => ({ type, machineClientId, at });

describe('a machine client', () => {
  it('is registered', () => client().when(register).thenRecorded(registered));
  it('is registered once', () => client(registered).when(register).thenNothing());
  it('is deactivated', () => client(registered).when(on('DeactivateClient')).thenRecorded(deactivated));
  it('stays inactive', () => client(registered, deactivated).when(on('DeactivateClient')).thenNothing());
  it('is activated again', () =>
    client(registered, deactivated).when(on('ActivateClient')).thenRecorded(activated));
  it('stays active', () => client(registered).when(on('ActivateClient')).thenNothing());
  it('is removed', () => client(registered, deactivated).when(on('RemoveClient')).thenRecorded(removed));
  it('does not come back once removed', () => {
    client(registered, removed).when(on('ActivateClient')).thenRefused('machine-client-unknown');
    client(registered, removed).when(register).thenNothing();
  });
  it('is described, and described no more', () => {
    const say = (description: string | null) =>
      ({ type: 'DescribeClient', machineClientId, description, at: AT }) as const;
    client(registered).when(say('CI')).thenRecorded(described);
    client(registered, described).when(say('CI')).thenNothing();
    client(registered, described)
      .when(say(null))
      .thenRecorded(machineClientEvent('MachineClientDescriptionSet')({ machineClientId, setAt: AT }));
  });
  it('is seen once an hour', () => {
    client(registered).when(on('RecordUse')).thenRecorded(used(AT));
    client(registered, used(AT)).when(on('RecordUse', LATER)).thenNothing();
    client(registered, used(AT)).when(on('RecordUse', MUCH_LATER)).thenRecorded(used(MUCH_LATER));
  });
});
