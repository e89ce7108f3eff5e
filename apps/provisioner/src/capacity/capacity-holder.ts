import {
  refused,
  streams,
  type TeamCapacityEvent,
  teamCapacityEvent,
  type UserCapacityEvent,
  userCapacityEvent,
} from '#libs/contracts';
import type { CapacityWords } from './capacity.decider.js';

/** Whose quota a runner counts against: its team's, or that of the user who provisioned it without one. */
export type CapacityHolder = { kind: 'team' | 'user'; id: string };

export type CapacityEvent = TeamCapacityEvent | UserCapacityEvent;

/** Where one holder's slots are written down, and in which words. */
export type HolderCapacity = CapacityWords<CapacityEvent> & { stream: string };

export const holderOf = (runner: { teamId: string | undefined; provisionedBy: string }): CapacityHolder =>
  runner.teamId === undefined
    ? { kind: 'user', id: runner.provisionedBy }
    : { kind: 'team', id: runner.teamId };

export const capacityOf = ({ kind, id }: CapacityHolder): HolderCapacity =>
  kind === 'team' ? teamCapacity(id) : userCapacity(id);

const teamCapacity = (teamId: string): HolderCapacity => ({
  stream: streams.teamCapacity(teamId),
  reserved: (runnerId, reservedAt) =>
    teamCapacityEvent('RunnerSlotReserved')({ teamId, runnerId, reservedAt }),
  released: (runnerId, releasedAt) =>
    teamCapacityEvent('RunnerSlotReleased')({ teamId, runnerId, releasedAt }),
  repaired: (runnerId, repair, repairedAt) =>
    teamCapacityEvent('RunnerSlotRepaired')({ teamId, runnerId, repair, repairedAt }),
  snapshot: ({ runners, closed }) =>
    teamCapacityEvent('TeamCapacitySnapshotTaken')({
      teamId,
      runnerIds: [...runners],
      ...(closed ? { closed } : {}),
    }),
  closing: {
    closed: (closedAt) => teamCapacityEvent('TeamCapacityClosed')({ teamId, closedAt }),
    opened: (openedAt) => teamCapacityEvent('TeamCapacityOpened')({ teamId, openedAt }),
    refusal: refused('team-deactivated', 'The team has been deactivated. Ask an administrator.', {
      team_id: teamId,
    }),
  },
  meaningOf,
  full: (limit) => `All ${limit} runners of the team are in use. Wait until one has ended, or delete one.`,
});

const userCapacity = (userId: string): HolderCapacity => ({
  stream: streams.userCapacity(userId),
  reserved: (runnerId, reservedAt) => userCapacityEvent('UserSlotReserved')({ userId, runnerId, reservedAt }),
  released: (runnerId, releasedAt) => userCapacityEvent('UserSlotReleased')({ userId, runnerId, releasedAt }),
  repaired: (runnerId, repair, repairedAt) =>
    userCapacityEvent('UserSlotRepaired')({ userId, runnerId, repair, repairedAt }),
  snapshot: ({ runners }) =>
    userCapacityEvent('UserCapacitySnapshotTaken')({ userId, runnerIds: [...runners] }),
  meaningOf,
  full: (limit) => `All ${limit} of your runners are in use. Wait until one has ended, or delete one.`,
});

const meaningOf = (event: CapacityEvent): ReturnType<HolderCapacity['meaningOf']> => {
  switch (event.type) {
    case 'RunnerSlotReserved':
    case 'UserSlotReserved':
      return { takenBy: event.data.runnerId };
    case 'RunnerSlotReleased':
    case 'UserSlotReleased':
      return { givenBackBy: event.data.runnerId };
    case 'RunnerSlotRepaired':
    case 'UserSlotRepaired': {
      const { runnerId, repair } = event.data;
      return repair === 'reserved' ? { takenBy: runnerId } : { givenBackBy: runnerId };
    }
    case 'TeamCapacityClosed':
      return { closed: true };
    case 'TeamCapacityOpened':
      return { closed: false };
    case 'TeamCapacitySnapshotTaken':
      return { heldBy: event.data.runnerIds, closed: event.data.closed ?? false };
    case 'UserCapacitySnapshotTaken':
      return { heldBy: event.data.runnerIds, closed: false };
  }
};
