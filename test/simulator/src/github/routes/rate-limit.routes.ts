import { GitHubError } from '../github-error.js';
import { type GitHubRoute, ok } from '../github-route.js';
import type { RateLimit, RateLimitStanding } from '../rate-limit.js';

const fresh = ({ reset }: RateLimitStanding, limit: number): RateLimitStanding => ({
  limit,
  used: 0,
  remaining: limit,
  reset,
});

export const rateLimitRoutes = (rateLimit: RateLimit, enabled: () => boolean): GitHubRoute[] => [
  {
    method: 'GET',
    path: '/rate_limit',
    operation: 'rate-limit/get',
    docs: '/rate-limit/rate-limit#get-rate-limit-status-for-the-authenticated-user',
    access: 'installation',
    counted: false,
    handle: ({ caller, headers }) => {
      if (!enabled()) throw new GitHubError(404, 'Rate limiting is not enabled.');
      const core = rateLimit.standing(caller.kind, 'core');
      const resources = {
        core,
        search: fresh(core, 30),
        graphql: fresh(core, 5000),
        actions_runner_registration: rateLimit.standing(caller.kind, 'actions_runner_registration'),
      };
      // The newer version of the API dropped the repetition.
      const repeated = headers['x-github-api-version'] === '2026-03-10' ? {} : { rate: core };
      return ok({ resources, ...repeated });
    },
  },
];
