import { deletions, settling } from './ending.steps.js';
import type { Step } from './explore.js';
import { atGithub, deliveries } from './github.steps.js';
import type { Kind, Life } from './life.js';
import { driftRemoval, looks, overlookedEnd } from './looking.steps.js';
import { provisioning } from './provisioning.steps.js';
import { step } from './step.js';

/** What may happen next to a runner of this kind. */
export const stepsOf =
  (kind: Kind) =>
  (life: Life): Step[] => [
    ...provisioning(life, kind),
    ...atGithub(life, kind),
    ...deliveries(life),
    ...looks(life, kind),
    ...driftRemoval(life),
    ...overlookedEnd(life),
    ...deletions(life),
    ...settling(life),
    ...passing(life),
  ];

const passing = (life: Life): Step[] => {
  if (life.time === 'early') return [step('a minute passes', { ...life, time: 'overdue' })];
  return life.time === 'overdue' ? [step('its time to connect passes', { ...life, time: 'expired' })] : [];
};
