import { afterAll, beforeAll, describe } from '@jest/globals';
import { idempotency } from './idempotency.js';
import { incidents } from './incidents.js';
import { invariants } from './invariants.js';
import { policies } from './policies.js';
import { quota } from './quota.js';
import { records } from './records.js';
import { routes } from './routes.js';
import { stats } from './stats.js';
import { takeovers } from './takeovers.js';
import { startTenants, stopTenants } from './tenants.js';

/** Who may do what, through the public door of the whole system. */
describe('access', () => {
  beforeAll(startTenants);
  afterAll(stopTenants);

  routes();
  stats();
  policies();
  takeovers();
  invariants();
  idempotency();
  quota();
  records();
  incidents();
});
