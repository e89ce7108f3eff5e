import { Problem } from '#libs/contracts';

export const dashboardUnreachable = (cause: unknown) =>
  new Problem('service-unavailable', 'The dashboard is not available. Try again in a few seconds.', {
    retryAfterSeconds: 2,
    cause,
  });
