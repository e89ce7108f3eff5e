import { afterAll, beforeAll, describe } from '@jest/globals';
import { failures } from './failures.js';
import { installation } from './installation.js';
import { limits } from './limits.js';
import { loseAnswers, lostAnswers } from './lost-answers.js';
import { runners } from './runners.js';
import { startSwitchboard, stopSwitchboard } from './switchboard.js';
import { webhooks } from './webhooks.js';

/** What GitHub can do to the service, switch by switch. */
describe('the service under the switches of the simulator', () => {
  beforeAll(async () => {
    await startSwitchboard();
    await loseAnswers();
  });
  afterAll(stopSwitchboard);

  failures();
  webhooks();
  runners();
  limits();
  installation();
  lostAnswers();
});
