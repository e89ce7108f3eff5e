import type { z } from 'zod';
import { type GithubDeliveryEvent, githubDeliveryEventSchemas } from './delivery/github-delivery.events.js';
import { type RunnerEvent, runnerEventSchemas } from './runner/runner.events.js';
import { type RunnerNameEvent, runnerNameEventSchemas } from './runner/runner-name.events.js';
import { type SecurityEvent, securityEventSchemas } from './security/security.events.js';
import { type SyncCycleEvent, syncCycleEventSchemas } from './sync/sync-cycle.events.js';
import { type TeamEvent, teamEventSchemas } from './team/team.events.js';
import { type TeamCapacityEvent, teamCapacityEventSchemas } from './team/team-capacity.events.js';
import {
  type IdentityEvent,
  identityEventSchemas,
  type UserEvent,
  userEventSchemas,
} from './user/user.events.js';

/** Every fact this system records. */
export type Fact =
  | RunnerEvent
  | RunnerNameEvent
  | TeamCapacityEvent
  | TeamEvent
  | UserEvent
  | IdentityEvent
  | SecurityEvent
  | GithubDeliveryEvent
  | SyncCycleEvent;

/** Shape of every fact by its type. An event whose type is not here does not get past the codec. */
export const factSchemas: Record<Fact['type'], z.ZodType> = {
  ...runnerEventSchemas,
  ...runnerNameEventSchemas,
  ...teamCapacityEventSchemas,
  ...teamEventSchemas,
  ...userEventSchemas,
  ...identityEventSchemas,
  ...securityEventSchemas,
  ...githubDeliveryEventSchemas,
  ...syncCycleEventSchemas,
};
