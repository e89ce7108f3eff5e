import {
  type ClientIdEvent,
  clientIdEvent,
  streams,
  type TeamClientEvent,
  teamClientEvent,
} from '#libs/contracts';
import { type Claimable, digestOf } from '../claim/claims.js';
import { machineClientAfter } from './machine-client.decider.js';

/** Issuer + client id is no other machine client, active or not. */
export const clientIdClaim = (client: { issuer: string; clientId: string }): Claimable<ClientIdEvent> => ({
  stream: streams.clientId(digestOf(client.issuer, client.clientId)),
  holderStream: streams.machineClient,
  isUsedIn: (history) => {
    const { status } = machineClientAfter(history);
    return status === 'active' || status === 'inactive';
  },
  claimed: (machineClientId, claimedAt) =>
    clientIdEvent('ClientIdClaimed')({ ...client, machineClientId, claimedAt }),
  released: (machineClientId, releasedAt) =>
    clientIdEvent('ClientIdReleased')({ machineClientId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'ClientIdClaimed' ? { holder: data.machineClientId, claimedAt: data.claimedAt } : undefined,
  taken: {
    code: 'already-exists',
    detail: 'This client of this issuer is registered already. Change or delete that one.',
  },
});

/** A team has no other active machine client. */
export const teamClientClaim = (teamId: string): Claimable<TeamClientEvent> => ({
  stream: streams.teamClient(teamId),
  holderStream: streams.machineClient,
  isUsedIn: (history) => machineClientAfter(history).status === 'active',
  claimed: (machineClientId, claimedAt) =>
    teamClientEvent('TeamClientClaimed')({ teamId, machineClientId, claimedAt }),
  released: (machineClientId, releasedAt) =>
    teamClientEvent('TeamClientReleased')({ machineClientId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'TeamClientClaimed' ? { holder: data.machineClientId, claimedAt: data.claimedAt } : undefined,
  taken: {
    code: 'already-exists',
    detail: 'The team has an active machine client. Deactivate that one first.',
  },
});
