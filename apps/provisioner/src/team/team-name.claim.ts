import { streams, type TeamNameEvent, teamNameEvent } from '#libs/contracts';
import type { Claimable } from '../claim/claims.js';
import { teamAfter } from './team.decider.js';

/** A team's name is no other team's. */
export const teamNameClaim = (name: string): Claimable<TeamNameEvent> => ({
  stream: streams.teamName(name),
  holderStream: streams.team,
  isUsedIn: (history) => {
    const team = teamAfter(history);
    return team.status !== 'unknown' && team.name === name;
  },
  claimed: (teamId, claimedAt) => teamNameEvent('TeamNameClaimed')({ name, teamId, claimedAt }),
  released: (teamId, releasedAt) => teamNameEvent('TeamNameReleased')({ teamId, releasedAt }),
  holderIn: ({ type, data }) =>
    type === 'TeamNameClaimed' ? { holder: data.teamId, claimedAt: data.claimedAt } : undefined,
  taken: { code: 'already-exists', detail: `There is a team named ${name}. Choose another name.` },
});
