import { may } from '#libs/access';
import { Problem, type RequestContext } from '#libs/contracts';
import type { Acting } from '../tenancy/acting.js';
import type { Tenancy } from '../tenancy/tenancy.js';

/**
 * Whoever asks about teams.
 * @throws Problem `admin-required` where only administrators are answered
 */
export const whoAsks = (
  tenancy: Tenancy,
  context: RequestContext,
  asAdministrator: boolean,
): Promise<Acting> => (asAdministrator ? tenancy.administrator(context) : tenancy.principalOf(context));

/** @throws Problem `team-unknown`, also for what is not the principal's */
export const checkSeesTeam = (principal: Acting, teamId: string): void => {
  if (!may(principal, 'team.see', { teamId })) throw unknownTeam();
};

export const unknownTeam = () =>
  new Problem(
    'team-unknown',
    'There is no such team, or you are not in it. GET /api/v1/auth/me lists yours.',
  );
