import { cleanExplanation } from './clean-explanation.js';
import type { Deadline } from './deadline.js';
import { explanationIn, type GithubAnswer, headerOf, NoAnswer, numberIn } from './github-answer.js';
import { GithubRefusal, type GithubRefusalDetails } from './github-refusal.js';
import { refusals } from './refusals.js';

/** What to do next when the answer to a changing call was lost; absent for calls that change nothing. */
export type IfUncertain = string | undefined;

/** The refusal of a 5xx, or of an answer that is not what GitHub promises. */
export const unavailableAfter = (answer: GithubAnswer, ifUncertain: IfUncertain): GithubRefusal =>
  refusals.unavailable(
    {
      ...detailsOf(answer),
      uncertain: ifUncertain !== undefined,
      retryAfterSeconds: numberIn(answer, 'retry-after') || undefined,
    },
    ifUncertain,
  );

/** The refusal of silence. Any other error is passed on as it is. */
export const silence = (error: unknown, deadline: Deadline, ifUncertain: IfUncertain): unknown => {
  if (!(error instanceof NoAnswer)) return error;
  const uncertain = ifUncertain !== undefined && !error.neverSent;
  return error.why === 'timeout'
    ? refusals.timeout(deadline.seconds, { uncertain }, ifUncertain)
    : refusals.unavailable({ uncertain, networkCode: error.networkCode }, ifUncertain);
};

/** The refusal that a status from 300 to 499 means, unless the operation knows better. Nothing has happened. */
export const refusalOfStatus = (answer: GithubAnswer): GithubRefusal => {
  const details = detailsOf(answer);
  switch (answer.status) {
    case 401:
      return new GithubRefusal(
        'unauthorized',
        "GitHub does not accept the App's credentials (HTTP 401). Try again; if it stays so, the operator has to check the App's id and private key.",
        details,
      );
    case 403:
      return new GithubRefusal(
        'forbidden',
        'GitHub forbids this to the App (HTTP 403). The operator has to check the permissions of the App, that its installation is not suspended, and that the runner group is one for self-hosted runners.',
        details,
      );
    case 404:
      return new GithubRefusal(
        'not-found',
        'GitHub does not show the organisation to the App (HTTP 404). The operator has to check the name of the organisation and that the App is installed there.',
        details,
      );
    case 422:
      return new GithubRefusal(
        'invalid',
        `GitHub does not take the request (HTTP 422)${said(details)}. Change it accordingly.`,
        details,
      );
    default:
      return new GithubRefusal(
        'unexpected',
        `GitHub answered in an unexpected way (HTTP ${answer.status}). The operator has to check the GitHub addresses that are configured.`,
        details,
      );
  }
};

export const detailsOf = (answer: GithubAnswer): GithubRefusalDetails => {
  const explained = answer.status === 403 || answer.status === 422;
  return {
    status: answer.status,
    githubRequestId: headerOf(answer, 'x-github-request-id'),
    githubMessage: (explained && cleanExplanation(explanationIn(answer))) || undefined,
  };
};

const said = ({ githubMessage }: GithubRefusalDetails): string =>
  githubMessage === undefined ? '' : `: ${githubMessage.replace(/\.$/, '')}`;
