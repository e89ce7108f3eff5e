import { afterAll, beforeAll, describe } from '@jest/globals';
import { routes } from './routes.js';
import { startTenants, stopTenants } from './tenants.js';

/** Who may do what, through the public door of the whole system. */
describe('access', () => {
  beforeAll(startTenants, 120_000);
  afterAll(stopTenants, 30_000);

  routes();
});
