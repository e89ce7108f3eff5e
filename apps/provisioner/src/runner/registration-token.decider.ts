import { type Decision, type Refusal, type RunnerEvent, refused, runnerEvent } from '#libs/contracts';
import { isLive, type LiveRunner, type RunnerState } from './runner.state.js';

/** GitHub gave fresh tokens for a runner that has had one before. */
export type RecordRegistrationTokenRenewed = {
  type: 'RecordRegistrationTokenRenewed';
  registrationTokenSha256: string;
  removalTokenSha256: string;
  expiresAt: string;
  issuedAt: string;
};
/** GitHub gave none. */
export type RecordRegistrationTokenFailed = {
  type: 'RecordRegistrationTokenFailed';
  reason: string;
  at: string;
};

/** Whoever ended the runner meanwhile was quicker: then the tokens are handed to nobody. */
export const decideTokenRenewed = (
  { type: _, ...issued }: RecordRegistrationTokenRenewed,
  runner: RunnerState,
): Decision<RunnerEvent> =>
  isLive(runner)
    ? [runnerEvent('RunnerRegistrationTokenIssued')({ ...factOf(runner), ...issued })]
    : notNow(runner);

/** A host asks again every few seconds while GitHub is away. */
export const decideTokenFailed = (
  { reason, at: failedAt }: RecordRegistrationTokenFailed,
  runner: RunnerState,
): Decision<RunnerEvent> => {
  if (!isLive(runner)) return [];
  const { tokenFailure } = runner;
  if (tokenFailure?.reason === reason && minuteOf(tokenFailure.failedAt) === minuteOf(failedAt)) return [];
  return [runnerEvent('RunnerRegistrationTokenFailed')({ ...factOf(runner), reason, failedAt })];
};

/** Why this runner, in this state, gets no fresh tokens; undefined: it does. */
export const refuseTokens = (runner: RunnerState): Refusal | undefined => {
  if (isLive(runner) && runner.provisioningMethod === 'jit') {
    return refused(
      'request-invalid',
      'This runner was provisioned with a JIT config, which needs no token and registers once. Provision another runner instead: POST /api/v1/runners/jit.',
      { errors: [{ field: 'runner', message: 'was provisioned with a JIT config' }] },
    );
  }
  return isLive(runner) ? undefined : notNow(runner);
};

const notNow = (runner: Exclude<RunnerState, LiveRunner>): Refusal => {
  switch (runner.state) {
    case 'unknown':
      return refused('runner-unknown', 'There is no such runner.');
    case 'requested':
      return refused(
        'provisioning-in-progress',
        'GitHub is still being asked for this runner. Try again in a few seconds.',
      );
    case 'deleting':
      return refused(
        'already-deleted',
        'The runner is being deleted. Provision another one for this host: POST /api/v1/runners/provision.',
      );
    default:
      return refused(
        'already-deleted',
        'The runner is deleted. Provision another one for this host: POST /api/v1/runners/provision.',
      );
  }
};

const minuteOf = (instant: string): string => instant.slice(0, 'yyyy-mm-ddThh:mm'.length);

const factOf = ({ runnerId, scope, installationId }: LiveRunner) => ({ runnerId, scope, installationId });
