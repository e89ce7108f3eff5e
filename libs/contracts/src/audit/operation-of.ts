import type { GithubDeliveryEvent } from '../delivery/github-delivery.events.js';
import type { Recorded } from '../event.js';
import type { Fact } from '../facts.js';
import type { IssuerEvent } from '../identity-provider/identity-provider.events.js';
import type { ClientIdEvent, TeamClientEvent } from '../machine-client/machine-client.events.js';
import type { BatchAction } from '../operation/operation.events.js';
import { problemCodes } from '../problem.js';
import type { IdempotencyKeyEvent } from '../runner/idempotency-key.events.js';
import type { RunnerNameEvent } from '../runner/runner-name.events.js';
import type { TeamNameEvent } from '../team/team.events.js';
import type { TeamCapacityEvent } from '../team/team-capacity.events.js';
import type { AdminRosterEvent, EmailEvent, IdentityEvent } from '../user/user.events.js';
import type { UserCapacityEvent } from '../user/user-capacity.events.js';

/** What a fact means to people: the word audit records, timelines and the feed have for it. */
export type Operation = { eventType: string; errorMessage?: string };

/** Claims, slots, deliveries and the rest of the machinery: nobody's operation. */
type Machinery = (
  | RunnerNameEvent
  | TeamCapacityEvent
  | UserCapacityEvent
  | TeamNameEvent
  | IdentityEvent
  | EmailEvent
  | AdminRosterEvent
  | ClientIdEvent
  | TeamClientEvent
  | IssuerEvent
  | IdempotencyKeyEvent
  | GithubDeliveryEvent
)['type'];
/** Observations in between, and what is told by the fact that follows. */
type InBetween =
  | 'RunnerProvisioningRequested'
  | 'RunnerProvisioningAbandoned'
  | 'RunnerBecameBusy'
  | 'RunnerBecameIdle'
  | 'MachineClientUsed'
  | 'SyncLeaseTaken'
  | 'SyncCycleRequested'
  | 'BatchStarted'
  | 'BatchProgressed';
type Told =
  | 'RunnerProvisioningFailed'
  | 'RunnerRegistrationTokenFailed'
  | 'RunnerDeprovisioningFailed'
  | 'RunnerWorkflowRunCancellationFailed'
  | 'ProvisioningRefused'
  | 'AccessRefused'
  | 'BatchRequested'
  | 'BatchCompleted'
  | 'SyncCycleFailed';

/** Every other fact is an operation that was done; a fact that is in no list does not compile. */
const DONE: Record<Exclude<Fact['type'], Machinery | InBetween | Told>, string> = {
  RunnerJitConfigIssued: 'provision_jit',
  RunnerRegistrationTokenIssued: 'provision',
  RunnerRegistered: 'registered',
  RunnerCameOnline: 'online',
  RunnerWentOffline: 'offline',
  RunnerStartedWorkflowJob: 'job_started',
  RunnerCompletedWorkflowJob: 'job_completed',
  RunnerLabelsDrifted: 'label_drift',
  RunnerLabelDriftResolved: 'label_drift_resolved',
  RunnerSurplusMachineSeen: 'surplus_machine',
  RunnerSurplusMachineRemoved: 'surplus_machine_removed',
  RunnerWorkflowJobOutsidePolicy: 'job_outside_policy',
  RunnerWorkflowRunCancellationRequested: 'job_cancellation_requested',
  RunnerWorkflowRunCancelled: 'job_cancelled',
  RunnerRefreshed: 'refresh',
  RunnerDeprovisioningRequested: 'deprovision',
  RunnerDeleted: 'deleted',
  TeamCreated: 'team_created',
  TeamRenamed: 'team_updated',
  TeamDescriptionSet: 'team_updated',
  TeamRequiredLabelsSet: 'team_updated',
  TeamLabelPatternsSet: 'team_updated',
  TeamRunnerGroupsSet: 'team_updated',
  TeamMaxRunnersSet: 'team_updated',
  TeamDeactivated: 'team_deactivated',
  TeamReactivated: 'team_reactivated',
  TeamMemberAdded: 'member_added',
  TeamMemberRemoved: 'member_removed',
  UserCreated: 'user_created',
  UserIdentityBound: 'user_updated',
  UserEmailSet: 'user_updated',
  UserDisplayNameSet: 'user_updated',
  UserPermissionsSet: 'user_updated',
  UserBecameAdmin: 'user_updated',
  UserCeasedToBeAdmin: 'user_updated',
  UserDeactivated: 'user_deactivated',
  UserActivated: 'user_activated',
  UserLoggedIn: 'user_logged_in',
  MachineClientRegistered: 'client_created',
  MachineClientDescriptionSet: 'client_updated',
  MachineClientDeactivated: 'client_updated',
  MachineClientActivated: 'client_updated',
  MachineClientRemoved: 'client_deleted',
  LabelPolicySet: 'policy_set',
  LabelPolicyRemoved: 'policy_removed',
  IdentityProviderRegistered: 'provider_created',
  IdentityProviderConfigured: 'provider_updated',
  IdentityProviderDeactivated: 'provider_updated',
  IdentityProviderActivated: 'provider_updated',
  IdentityProviderRemoved: 'provider_deleted',
  TrustRuleCreated: 'trust_rule_created',
  TrustRuleChanged: 'trust_rule_updated',
  TrustRuleDeactivated: 'trust_rule_updated',
  TrustRuleActivated: 'trust_rule_updated',
  TrustRuleRemoved: 'trust_rule_deleted',
  SyncCycleCompleted: 'sync_cycle',
  UnmanagedRunnersSeen: 'unmanaged_runners_seen',
};

/** The operation a fact records; undefined for what nobody did. */
export const operationOf = (fact: Recorded<Fact>): Operation | undefined => {
  switch (fact.type) {
    case 'RunnerProvisioningFailed':
    case 'RunnerRegistrationTokenFailed':
      return { eventType: 'provision_failed', errorMessage: wordsOf(fact.data.reason) };
    case 'RunnerDeprovisioningFailed':
      return { eventType: 'deprovision_failed', errorMessage: wordsOf(fact.data.reason) };
    case 'RunnerWorkflowRunCancellationFailed':
      return { eventType: 'job_cancellation_failed', errorMessage: wordsOf(fact.data.reason) };
    case 'ProvisioningRefused':
      return { eventType: 'provision_refused', errorMessage: fact.data.detail };
    case 'AccessRefused':
      return { eventType: 'access_refused', errorMessage: fact.data.detail };
    case 'SyncCycleFailed':
      return { eventType: 'sync_cycle', errorMessage: fact.data.detail };
    case 'BatchRequested':
      return { eventType: batchWord(fact.data.action) };
    case 'BatchCompleted': {
      const { affectedCount, failedCount } = fact.data;
      const errorMessage = `${failedCount} of ${affectedCount + failedCount} failed`;
      return { eventType: 'batch_completed', ...(failedCount > 0 ? { errorMessage } : {}) };
    }
    default: {
      const eventType = (DONE as Partial<Record<string, string>>)[fact.type];
      return eventType === undefined ? undefined : { eventType };
    }
  }
};

/** `disable-users` is the event type `batch_disable_users`. */
export const batchWord = (action: BatchAction): string => `batch_${action.replaceAll('-', '_')}`;

const isProblemCode = (code: string): code is keyof typeof problemCodes => Object.hasOwn(problemCodes, code);

/** A reason is a problem code, or `abandoned`. */
const wordsOf = (reason: string): string => {
  if (reason === 'abandoned') return 'It was given up: nobody answered for it any more';
  return isProblemCode(reason) ? problemCodes[reason].title : reason;
};
