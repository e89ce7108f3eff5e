import type { z } from 'zod';
import { type GithubDeliveryEvent, githubDeliveryEventSchemas } from './delivery/github-delivery.events.js';
import {
  type IdentityProviderEvent,
  type IssuerEvent,
  identityProviderEventSchemas,
  issuerEventSchemas,
} from './identity-provider/identity-provider.events.js';
import { type LabelPolicyEvent, labelPolicyEventSchemas } from './label-policy/label-policy.events.js';
import {
  type ClientIdEvent,
  clientIdEventSchemas,
  type MachineClientEvent,
  machineClientEventSchemas,
  type TeamClientEvent,
  teamClientEventSchemas,
} from './machine-client/machine-client.events.js';
import { type OperationEvent, operationEventSchemas } from './operation/operation.events.js';
import { type IdempotencyKeyEvent, idempotencyKeyEventSchemas } from './runner/idempotency-key.events.js';
import { type RunnerEvent, runnerEventSchemas } from './runner/runner.events.js';
import { type RunnerNameEvent, runnerNameEventSchemas } from './runner/runner-name.events.js';
import { type SecurityEvent, securityEventSchemas } from './security/security.events.js';
import { type SyncCycleEvent, syncCycleEventSchemas } from './sync/sync-cycle.events.js';
import { type UnmanagedRunnersEvent, unmanagedRunnersEventSchemas } from './sync/unmanaged-runners.events.js';
import {
  type TeamEvent,
  type TeamNameEvent,
  teamEventSchemas,
  teamNameEventSchemas,
} from './team/team.events.js';
import { type TeamCapacityEvent, teamCapacityEventSchemas } from './team/team-capacity.events.js';
import { type TrustRuleEvent, trustRuleEventSchemas } from './trust-rule/trust-rule.events.js';
import {
  type AdminRosterEvent,
  adminRosterEventSchemas,
  type EmailEvent,
  emailEventSchemas,
  type IdentityEvent,
  identityEventSchemas,
  type UserEvent,
  userEventSchemas,
} from './user/user.events.js';
import { type UserCapacityEvent, userCapacityEventSchemas } from './user/user-capacity.events.js';

/** Every fact this system records. */
export type Fact =
  | RunnerEvent
  | RunnerNameEvent
  | TeamCapacityEvent
  | UserCapacityEvent
  | TeamEvent
  | TeamNameEvent
  | UserEvent
  | IdentityEvent
  | EmailEvent
  | AdminRosterEvent
  | MachineClientEvent
  | ClientIdEvent
  | TeamClientEvent
  | LabelPolicyEvent
  | IdentityProviderEvent
  | IssuerEvent
  | TrustRuleEvent
  | OperationEvent
  | IdempotencyKeyEvent
  | SecurityEvent
  | GithubDeliveryEvent
  | SyncCycleEvent
  | UnmanagedRunnersEvent;

/** Shape of every fact by its type. An event whose type is not here does not get past the codec. */
export const factSchemas: Record<Fact['type'], z.ZodType> = {
  ...runnerEventSchemas,
  ...runnerNameEventSchemas,
  ...teamCapacityEventSchemas,
  ...userCapacityEventSchemas,
  ...teamEventSchemas,
  ...teamNameEventSchemas,
  ...userEventSchemas,
  ...identityEventSchemas,
  ...emailEventSchemas,
  ...adminRosterEventSchemas,
  ...machineClientEventSchemas,
  ...clientIdEventSchemas,
  ...teamClientEventSchemas,
  ...labelPolicyEventSchemas,
  ...identityProviderEventSchemas,
  ...issuerEventSchemas,
  ...trustRuleEventSchemas,
  ...operationEventSchemas,
  ...idempotencyKeyEventSchemas,
  ...securityEventSchemas,
  ...githubDeliveryEventSchemas,
  ...syncCycleEventSchemas,
  ...unmanagedRunnersEventSchemas,
};
