import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/system.js';
import { until } from '../support/system.js';
import { atGitHub, provision, runnerAtGitHub, show, tryToProvision, turn } from './switchboard.js';

const operation = 'actions/generate-runner-jitconfig-for-org';
const lost = 'lost-in-a-502';
const silent = 'lost-in-silence';

/** Ends with the answer that only comes when the service has waited for GitHub as long as it does. */
let silence: Promise<Answer>;

/** Settling takes its time, so both are begun before everything else and looked at after it. */
export const loseAnswers = async (): Promise<void> => {
  await turn({ failures: [{ operation, status: 502, next: 1, when: 'after' }] });
  const { status, body } = await tryToProvision(lost);
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'github-unavailable' });
  expect(await runnerAtGitHub(lost)).toMatchObject({ status: 'offline' });

  await turn({ failures: [{ operation, status: 'timeout', next: 1, when: 'after' }] });
  silence = tryToProvision(silent);
  await until('GitHub keeps silent', async () =>
    (await atGitHub()).calls[operation]?.by_status.timeout ? true : undefined,
  );
};

const settled = async (name: string) => {
  await until(`${name} is gone from GitHub`, async () => ((await runnerAtGitHub(name)) ? undefined : true), {
    withinMs: 60_000,
  });
  expect(await show(name)).toMatchObject({ state: 'failed', deletion_reason: 'provisioning-failed' });
  await provision(name);
};

export const lostAnswers = () =>
  describe('answers that were lost', () => {
    it('a runner whose 502 hid that it was made is removed, and its name is free', () => settled(lost));

    it('so is one whose answer never came, after the caller was told so', async () => {
      const { status, body } = await silence;
      expect({ status, code: body.code }).toEqual({ status: 504, code: 'github-timeout' });
      await settled(silent);
    });
  });
