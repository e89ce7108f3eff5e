export { administratorsOnly } from './administrators-only.js';
export {
  type AuditRecord,
  auditRecordListSchema,
  auditRecordSchema,
  runnerTimelineSchema,
  type SearchAuditRecords,
  searchAuditRecordsSchema,
  type TimelineEntry,
  timelineEntrySchema,
  timelineSchema,
} from './audit/audit-record.queries.js';
export { batchWord, type Operation, operationOf } from './audit/operation-of.js';
export { type Decision, isRefusal, problemOfRefusal, type Refusal, refused } from './decision.js';
export {
  deliveryRecordedSchema,
  type RecordDelivery,
  recordDeliverySchema,
} from './delivery/github-delivery.commands.js';
export {
  type GithubDeliveryEvent,
  githubDeliveryEvent,
  githubDeliveryEventSchemas,
  type WorkflowJobAction,
  type WorkflowJobDelivery,
  workflowJobAction,
  workflowJobDeliverySchema,
} from './delivery/github-delivery.events.js';
export { type Event, type EventsOf, eventConstructor, type Recorded } from './event.js';
export { examples } from './examples/examples.js';
export { type Fact, factSchemas } from './facts.js';
export {
  type ChangeIdentityProviderRequest,
  changeIdentityProviderSchema,
  type RegisterIdentityProviderRequest,
  registerIdentityProviderSchema,
  removeIdentityProviderSchema,
  signingAlgorithms,
} from './identity-provider/identity-provider.commands.js';
export {
  type IdentityProviderEvent,
  type IdentityProviderSettings,
  type IssuerEvent,
  identityProviderEvent,
  identityProviderEventSchemas,
  identityProviderSettings,
  issuerEvent,
  issuerEventSchemas,
} from './identity-provider/identity-provider.events.js';
export {
  getIdentityProviderSchema,
  type IdentityProviderView,
  identityProviderFoundSchema,
  identityProviderListSchema,
  identityProviderSortFields,
  identityProviderViewSchema,
  identityProviderWrittenSchema,
  listIdentityProvidersSchema,
  type TrustedIssuers,
  trustedIssuersSchema,
} from './identity-provider/identity-provider.queries.js';
export {
  allowedLabel,
  removeLabelPolicySchema,
  type SetLabelPolicyRequest,
  setLabelPolicySchema,
  userIdentity,
} from './label-policy/label-policy.commands.js';
export {
  type LabelPolicyEvent,
  labelPolicyEvent,
  labelPolicyEventSchemas,
} from './label-policy/label-policy.events.js';
export {
  getLabelPolicySchema,
  type LabelPolicyView,
  labelPolicyFoundSchema,
  labelPolicyListSchema,
  labelPolicySortFields,
  labelPolicyViewSchema,
  labelPolicyWrittenSchema,
  listLabelPoliciesSchema,
  ownLabelPoliciesSchema,
} from './label-policy/label-policy.queries.js';
export {
  label,
  labelPatterns,
  MAX_PATTERN_LENGTH,
  MAX_PATTERNS,
  MAX_REQUIRED_LABELS,
  requiredLabels,
} from './label-policy/label-rules.js';
export {
  ARCHITECTURE_LABELS,
  OPERATING_SYSTEM_LABELS,
  SYSTEM_LABELS,
} from './label-policy/system-labels.js';
export {
  type ChangeMachineClientRequest,
  changeMachineClientSchema,
  type RegisterMachineClientRequest,
  registerMachineClientSchema,
  removeMachineClientSchema,
} from './machine-client/machine-client.commands.js';
export {
  type ClientIdEvent,
  clientIdEvent,
  clientIdEventSchemas,
  type MachineClientEvent,
  machineClientEvent,
  machineClientEventSchemas,
  type TeamClientEvent,
  teamClientEvent,
  teamClientEventSchemas,
} from './machine-client/machine-client.events.js';
export {
  getMachineClientSchema,
  type ListMachineClients,
  listMachineClientsSchema,
  type MachineClientView,
  machineClientFoundSchema,
  machineClientListSchema,
  machineClientSortFields,
  machineClientViewSchema,
  machineClientWrittenSchema,
} from './machine-client/machine-client.queries.js';
export {
  type Actor,
  actorSchema,
  type Caller,
  callerSchema,
  type EventMetadata,
  eventMetadataSchema,
  instant,
  type RequestContext,
  requestContextSchema,
  uuid,
} from './message.js';
export {
  batchRunSchema,
  getOperationSchema,
  type OperationView,
  operationFoundSchema,
  operationViewSchema,
  type RunBatchRequest,
  runBatchSchema,
} from './operation/operation.commands.js';
export {
  type BatchAction,
  type BatchSelection,
  batchAction,
  type OperationEvent,
  operationEvent,
  operationEventSchemas,
  targetFailureSchema,
} from './operation/operation.events.js';
export { pageSchema, sortBy } from './page.js';
export {
  Problem,
  type ProblemCode,
  type ProblemData,
  type ProblemExtras,
  type ProblemKind,
  problemCodes,
  problemDataSchema,
} from './problem.js';
export {
  type IdempotencyKeyEvent,
  idempotencyKeyEvent,
  idempotencyKeyEventSchemas,
} from './runner/idempotency-key.events.js';
export { type LabelDifference, labelDifference, ownLabels } from './runner/label-difference.js';
export {
  abandonRunnerSchema,
  deprovisionRunnerSchema,
  type ProvisionRunner,
  provisionRunnerSchema,
  type RecordObservation,
  type RecordWorkflowJob,
  type RegistrationTokenRenewed,
  type RunnerDeprovisioned,
  type RunnerProvisioned,
  recordedSchema,
  recordObservationSchema,
  recordWorkflowJobSchema,
  refreshedSchema,
  registrationTokenRenewedSchema,
  runnerDeprovisionedSchema,
  runnerName,
  runnerProvisionedSchema,
  runnerReference,
  type SettleRunner,
  settleRunnerSchema,
} from './runner/runner.commands.js';
export {
  type DeletionReason,
  deletionReason,
  type LabelDriftAction,
  labelDriftAction,
  labelNames,
  type ProvisioningMethod,
  provisioningMethod,
  type RunnerEvent,
  type RunnerFact,
  runnerEvent,
  runnerEventSchemas,
  type Scope,
  scopeSchema,
  type WorkflowJob,
  workflowJobSchema,
} from './runner/runner.events.js';
export { type FeedEntry, feedEntrySchema } from './runner/runner.feed.js';
export {
  getRunnerSchema,
  type ListRunners,
  listRunnersSchema,
  type RunnerState,
  type RunnerStatus,
  type RunnerView,
  runnerFoundSchema,
  runnerListSchema,
  runnerSortFields,
  runnerState,
  runnerStatus,
  runnerViewSchema,
} from './runner/runner.queries.js';
export {
  type RunnerNameEvent,
  runnerNameEvent,
  runnerNameEventSchemas,
} from './runner/runner-name.events.js';
export { recordAccessRefusedSchema } from './security/security.commands.js';
export {
  type SecurityEvent,
  securityEvent,
  securityEventSchemas,
  severity,
} from './security/security.events.js';
export {
  type SearchSecurityEvents,
  type SecurityEventView,
  searchSecurityEventsSchema,
  securityEventListSchema,
  securityEventViewSchema,
} from './security/security.queries.js';
export {
  type AppStats,
  appStatsSchema,
  auditStatsSchema,
  dashboardStatsSchema,
  type FleetStats,
  fleetStatsSchema,
  getStatsSchema,
  type ProjectionStats,
  projectionStatsSchema,
  type RecordStats,
  recordStatsSchema,
} from './stats/stats.queries.js';
export { streams } from './streams.js';
export type { AppName, Subject } from './subject.js';
export { type ReplyOf, type RequestOf, subjects } from './subjects.js';
export {
  MOST_UNMANAGED_TOGETHER,
  type RecordUnmanaged,
  recordUnmanagedSchema,
  type SeenUnmanaged,
  type SyncTriggered,
  syncTriggeredSchema,
  type TriggerSync,
  triggerSyncSchema,
  unmanagedRecordedSchema,
} from './sync/sync.commands.js';
export { type SyncCycleEvent, syncCycleEvent, syncCycleEventSchemas } from './sync/sync-cycle.events.js';
export {
  type DeliveryAccount,
  deliveryAccountSchema,
  getSyncStatusSchema,
  type SyncResult,
  type SyncStatus,
  syncResultSchema,
  syncStatusSchema,
  type UnmanagedRunner,
  unmanagedRunnerSchema,
} from './sync/sync-status.queries.js';
export {
  type UnmanagedRunnersEvent,
  unmanagedRunnersEvent,
  unmanagedRunnersEventSchemas,
} from './sync/unmanaged-runners.events.js';
export {
  type ChangeTeamRequest,
  type CreateTeamRequest,
  changeTeamSchema,
  comment,
  createTeamSchema,
  deactivateTeamSchema,
  reactivateTeamSchema,
  teamMembershipSchema,
  teamName,
} from './team/team.commands.js';
export {
  type TeamEvent,
  type TeamNameEvent,
  teamEvent,
  teamEventSchemas,
  teamNameEvent,
  teamNameEventSchemas,
} from './team/team.events.js';
export {
  getTeamSchema,
  type ListTeamMembers,
  type ListTeams,
  listTeamMembersSchema,
  listTeamsSchema,
  type TeamMemberView,
  type TeamView,
  teamFoundSchema,
  teamListSchema,
  teamMemberListSchema,
  teamMemberSchema,
  teamMemberSortFields,
  teamMemberWrittenSchema,
  teamSortFields,
  teamViewSchema,
  teamWrittenSchema,
} from './team/team.queries.js';
export {
  type SlotRepair,
  type TeamCapacityEvent,
  teamCapacityEvent,
  teamCapacityEventSchemas,
} from './team/team-capacity.events.js';
export {
  type ChangeTrustRuleRequest,
  type CreateTrustRuleRequest,
  changeTrustRuleSchema,
  createTrustRuleSchema,
  removeTrustRuleSchema,
  testTrustRuleSchema,
  trustConditionRequest,
  trustRuleTestedSchema,
} from './trust-rule/trust-rule.commands.js';
export {
  type TrustCondition,
  type TrustRuleEvent,
  trustConditionSchema,
  trustRuleEvent,
  trustRuleEventSchemas,
  trustRuleSettings,
} from './trust-rule/trust-rule.events.js';
export {
  getTrustRuleSchema,
  listTrustRulesSchema,
  type TrustRuleView,
  trustRuleFoundSchema,
  trustRuleListSchema,
  trustRuleSortFields,
  trustRuleViewSchema,
  trustRuleWrittenSchema,
} from './trust-rule/trust-rule.queries.js';
export {
  type CallerDescription,
  callerDescriptionSchema,
  describeCallerSchema,
  provisioningCheckedSchema,
} from './user/caller.queries.js';
export {
  activateUserSchema,
  type ChangeUserRequest,
  type CreateUserRequest,
  changeUserSchema,
  createUserSchema,
  deactivateUserSchema,
  displayName,
  emailAddress,
} from './user/user.commands.js';
export {
  type AdminRosterEvent,
  adminRosterEvent,
  adminRosterEventSchemas,
  type EmailEvent,
  emailEvent,
  emailEventSchemas,
  type IdentityEvent,
  identityEvent,
  identityEventSchemas,
  type UserEvent,
  userEvent,
  userEventSchemas,
} from './user/user.events.js';
export {
  getUserSchema,
  type ListUsers,
  listUsersSchema,
  type UserView,
  userFoundSchema,
  userListSchema,
  userSortFields,
  userViewSchema,
  userWrittenSchema,
} from './user/user.queries.js';
export {
  type UserCapacityEvent,
  userCapacityEvent,
  userCapacityEventSchemas,
} from './user/user-capacity.events.js';
