import { type GithubAnswer, NoAnswer } from './github-answer.js';

/** One request to GitHub, or one that was refused here: for metrics. */
export type ObservedCall = {
  /** GitHub's name of the operation in camelCase: `generateJitConfig`, `createInstallationToken`, … */
  operation: string;
  /** GitHub's HTTP status, or why there is none; `held-back` = refused here, nothing was sent. */
  status: number | 'timeout' | 'network' | 'held-back';
  /** From sending to the end of the answer. */
  seconds: number;
};

/** Whether it counts against the installation's hourly budget: what the App asks in its own name does not. */
export const isCounted = ({ operation, status }: ObservedCall): boolean =>
  typeof status === 'number' && status !== 304 && !OF_THE_APP.has(operation);

const OF_THE_APP: ReadonlySet<string> = new Set([
  'createInstallationToken',
  'listHookDeliveries',
  'redeliverHookDelivery',
]);

export type OnCall = (call: ObservedCall) => void;

/** Reports a request when it is over. */
export const observed = async (
  onCall: OnCall,
  operation: string,
  request: Promise<GithubAnswer>,
): Promise<GithubAnswer> => {
  const startedAt = performance.now();
  const report = (status: ObservedCall['status']) =>
    onCall({ operation, status, seconds: (performance.now() - startedAt) / 1000 });
  return request.then(
    (answer) => {
      report(answer.status);
      return answer;
    },
    (error: unknown) => {
      report(error instanceof NoAnswer ? error.why : 'network');
      throw error;
    },
  );
};
