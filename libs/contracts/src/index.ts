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
  Problem,
  type ProblemCode,
  type ProblemData,
  type ProblemExtras,
  type ProblemKind,
  problemCodes,
  problemDataSchema,
} from './problem.js';
export {
  abandonRunnerSchema,
  type ProvisionRunner,
  provisionRunnerSchema,
  type RecordObservation,
  type RecordWorkflowJob,
  type RunnerDeprovisioned,
  type RunnerProvisioned,
  recordedSchema,
  recordObservationSchema,
  recordWorkflowJobSchema,
  refreshedSchema,
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
export { streams } from './streams.js';
export { type AppName, type ReplyOf, type RequestOf, type Subject, subjects } from './subjects.js';
export { type SyncCycleEvent, syncCycleEvent, syncCycleEventSchemas } from './sync/sync-cycle.events.js';
export { type TeamEvent, teamEvent, teamEventSchemas } from './team/team.events.js';
export {
  type TeamCapacityEvent,
  teamCapacityEvent,
  teamCapacityEventSchemas,
} from './team/team-capacity.events.js';
export {
  type CallerDescription,
  callerDescriptionSchema,
  describeCallerSchema,
} from './user/caller.queries.js';
export {
  type IdentityEvent,
  identityEvent,
  identityEventSchemas,
  type UserEvent,
  userEvent,
  userEventSchemas,
} from './user/user.events.js';
