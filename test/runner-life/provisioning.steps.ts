import type { RunnerCommand } from '../../apps/provisioner/src/runner/runner.decider.js';
import { isLive } from '../../apps/provisioner/src/runner/runner.state.js';
import { GITHUB_RUNNER_ID, INSTANTS, LABELS, RUNNER, RUNNER_NAME } from './examples.js';
import type { Step } from './explore.js';
import { essenceOf, holdings, type Kind, keyOf, type Life, recorded } from './life.js';
import { at, decided, decidedOrHalfDone, isThere, step } from './step.js';

/** From the question to the answer, and all that may come between. */
export const provisioning = (life: Life, { method, ephemeral }: Kind): Step[] => {
  const { ours, issuer, theirs } = life;
  const nobody = { ...life, issuer: 'nobody' as const };
  switch (issuer) {
    case 'nobody':
      return ours.state === 'unknown' && life.row === undefined && life.time === 'early'
        ? [step('somebody asks for it', recorded({ ...life, issuer: 'claiming' }, holdings.claimed))]
        : renewal(life, method);
    case 'claiming': {
      const request: RunnerCommand = {
        type: 'RequestProvisioning',
        ...RUNNER,
        runnerName: RUNNER_NAME,
        provisioningMethod: method,
        labels: LABELS,
        runnerGroupId: 1,
        workFolder: '_work',
        ephemeral,
        disableUpdate: false,
        teamId: 'team',
        provisionedBy: 'user',
        requestedAt: INSTANTS.early,
      };
      const requested = decided({ ...life, issuer: 'asking' }, request);
      return [
        step('it is requested', requested ?? recorded(nobody, holdings.released)),
        step('the process dies before the request', nobody),
      ];
    }
    case 'asking': {
      const failed = { type: 'RecordProvisioningFailed', reason: 'github-refused', at: at(life) } as const;
      const made =
        method === 'jit' && theirs === 'not yet' ? { online: false, busy: false, isEdited: false } : theirs;
      return [
        step('GitHub answers', { ...life, theirs: made, issuer: 'answered' }),
        step('GitHub refuses', ...decidedOrHalfDone(nobody, failed)),
        step('GitHub does nothing and nobody learns of it', nobody),
        step('GitHub does it and nobody learns of it', { ...nobody, theirs: made }),
      ];
    }
    case 'answered': {
      const issued = { issuedAt: INSTANTS.early, expiresAt: INSTANTS.expires };
      const told =
        method === 'jit'
          ? decided(nobody, {
              type: 'RecordJitConfigIssued',
              githubRunnerId: GITHUB_RUNNER_ID,
              labels: LABELS,
              jitConfigSha256: 'a'.repeat(64),
              ...issued,
            })
          : decided(nobody, {
              type: 'RecordRegistrationTokenIssued',
              registrationTokenSha256: 'b'.repeat(64),
              ...issued,
            });
      const takenBack = { ...nobody, theirs: isThere(theirs) ? ('gone' as const) : theirs };
      return [
        step('the answer is handed out', told ? { ...told, isHandedOut: true } : takenBack),
        step('the answer is recorded and reaches nobody', told),
        step('the process dies with the answer', nobody),
      ];
    }
  }
};

/** Fresh tokens, good as long as those before, leave everything as it is. */
const renewal = (life: Life, method: Kind['method']): Step[] => {
  if (method === 'jit' || !isLive(life.ours)) return [];
  const renewed = decided(life, {
    type: 'RecordRegistrationTokenRenewed',
    registrationTokenSha256: 'c'.repeat(64),
    removalTokenSha256: 'd'.repeat(64),
    issuedAt: INSTANTS.early,
    expiresAt: INSTANTS.expires,
  });
  if (renewed === undefined || keyOf(essenceOf(renewed)) !== keyOf(essenceOf(life)))
    throw new Error(`fresh tokens change a runner that is ${life.ours.state}`);
  return [step('its host asks for fresh tokens', renewed)];
};
