import { GithubRefusal, type GithubRefusalDetails } from './github-refusal.js';

/** The refusals one by one, so that every implementation uses the same words. */
export const refusals = {
  nameTaken: (name: string, details?: GithubRefusalDetails) =>
    new GithubRefusal(
      'name-taken',
      `GitHub has a runner named ${name} already. Choose another name, or delete that runner first.`,
      { status: 409, ...details },
    ),

  runnerGroupUnknown: (runnerGroupId: number, details?: GithubRefusalDetails) =>
    new GithubRefusal(
      'runner-group-unknown',
      `GitHub knows no runner group ${runnerGroupId} in this organisation. Name one that exists there.`,
      { status: 404, ...details },
    ),

  cancellationForbidden: (repository: string, details?: GithubRefusalDetails) =>
    new GithubRefusal(
      'forbidden',
      `GitHub does not let the App cancel workflow runs of ${repository}. The operator has to give the App the permission actions: write, have it accepted by the organisation, and include the repository in the installation.`,
      { status: 403, ...details },
    ),

  unavailable: (details: GithubRefusalDetails, ifUncertain?: string) =>
    new GithubRefusal('unavailable', `${unavailability(details)} ${whatNext(details, ifUncertain)}`, details),

  timeout: (seconds: number, details: GithubRefusalDetails, ifUncertain?: string) =>
    new GithubRefusal(
      'timeout',
      `GitHub did not answer within ${seconds} seconds. ${whatNext(details, ifUncertain)}`,
      details,
    ),

  rateLimited: (retryAfterSeconds: number, details?: GithubRefusalDetails) =>
    new GithubRefusal(
      'rate-limited',
      `GitHub accepts no more requests for now. Try again in ${retryAfterSeconds} seconds.`,
      { ...details, retryAfterSeconds },
    ),

  budgetReserved: (retryAfterSeconds: number) =>
    new GithubRefusal(
      'budget-reserved',
      `What is left of GitHub's hourly budget is kept for provisioning. Polling goes on in ${retryAfterSeconds} seconds.`,
      { retryAfterSeconds },
    ),
};

const unavailability = ({ status, networkCode }: GithubRefusalDetails): string => {
  if (status !== undefined && status >= 500) return `GitHub answered with an error (HTTP ${status}).`;
  if (status !== undefined) return `GitHub's answer (HTTP ${status}) was cut short or makes no sense.`;
  return `The connection to GitHub failed${networkCode === undefined ? '' : ` (${networkCode})`}.`;
};

const whatNext = (
  { uncertain }: GithubRefusalDetails,
  ifUncertain = 'The runner may exist nevertheless: ask again under a new name.',
): string => (uncertain ? ifUncertain : 'Nothing was changed; try again later.');
