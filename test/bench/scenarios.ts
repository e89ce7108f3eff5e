import { appends } from './appends/appends.scenario.js';
import { catchUp } from './catch-up/catch-up.scenario.js';
import { hooks } from './hooks/hooks.scenario.js';
import { memory } from './memory/memory.scenario.js';
import { polling } from './polling/polling.scenario.js';
import { projections } from './projections/projections.scenario.js';
import { provisioning } from './provisioning/provisioning.scenario.js';
import type { Scenario } from './scenario.js';
import { startUp } from './start-up/start-up.scenario.js';
import { visibleChange } from './visible-change/visible-change.scenario.js';

/** All that is measured, in the order of a whole run. */
export const scenarios: readonly Scenario[] = [
  provisioning,
  hooks,
  visibleChange,
  appends,
  catchUp,
  projections,
  polling,
  startUp,
  memory,
];
