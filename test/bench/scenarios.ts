import { appends } from './appends/appends.scenario.js';
import { provisioning } from './provisioning/provisioning.scenario.js';
import type { Scenario } from './scenario.js';

/** All that is measured, in the order of a whole run. */
export const scenarios: readonly Scenario[] = [provisioning, appends];
