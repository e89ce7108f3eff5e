import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { startSwitchboard, stopSwitchboard, system } from '../switches/switchboard.js';
import { cancelJob } from './cancel-job.js';
import { hostsWithFreshTokens } from './fresh-tokens.js';
import { labelDrift } from './label-drift.js';
import { policyEnforcement } from './policy-enforcement.js';
import { registrationTokens } from './registration-tokens.js';

/** What somebody can change at GitHub behind the service's back, and what becomes of it. */
describe('behind the service’s back', () => {
  beforeAll(() => startSwitchboard({ LABEL_POLICY_ENFORCEMENT: 'enforce' }), 120_000);
  beforeEach(async () => {
    await system().simulator('DELETE', '/switches');
  });
  afterAll(stopSwitchboard, 30_000);

  labelDrift();
  cancelJob();
  policyEnforcement();
  registrationTokens();
  hostsWithFreshTokens();
});
