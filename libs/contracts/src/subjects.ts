import { z } from 'zod';
import {
  auditRecordListSchema,
  runnerTimelineSchema,
  searchAuditRecordsSchema,
  timelineSchema,
} from './audit/audit-record.queries.js';
import { deliveryRecordedSchema, recordDeliverySchema } from './delivery/github-delivery.commands.js';
import { ownLabelPoliciesSchema } from './label-policy/label-policy.queries.js';
import {
  abandonRunnerSchema,
  deprovisionRunnerSchema,
  provisionRunnerSchema,
  recordedSchema,
  recordObservationSchema,
  recordWorkflowJobSchema,
  refreshedSchema,
  registrationTokenRenewedSchema,
  runnerDeprovisionedSchema,
  runnerProvisionedSchema,
  runnerReference,
  settleRunnerSchema,
} from './runner/runner.commands.js';
import {
  getRunnerSchema,
  listRunnersSchema,
  runnerFoundSchema,
  runnerListSchema,
} from './runner/runner.queries.js';
import { recordAccessRefusedSchema } from './security/security.commands.js';
import { searchSecurityEventsSchema, securityEventListSchema } from './security/security.queries.js';
import {
  appStatsSchema,
  auditStatsSchema,
  dashboardStatsSchema,
  getStatsSchema,
} from './stats/stats.queries.js';
import { type AppName, type Subject, subject } from './subject.js';
import {
  recordUnmanagedSchema,
  syncTriggeredSchema,
  triggerSyncSchema,
  unmanagedRecordedSchema,
} from './sync/sync.commands.js';
import { getSyncStatusSchema, syncStatusSchema } from './sync/sync-status.queries.js';
import { tenancySubjects } from './tenancy.subjects.js';
import {
  callerDescriptionSchema,
  describeCallerSchema,
  provisioningCheckedSchema,
} from './user/caller.queries.js';

const healthReportSchema = z.object({
  status: z.enum(['ready', 'not-ready']),
  version: z.string(),
  checks: z.record(z.string(), z.object({ status: z.enum(['up', 'down']), detail: z.string().optional() })),
});

/** Is that app ready to do its work? Asked by the gateway, whose readiness is that of the whole. */
const healthOf = (answeredBy: AppName) =>
  subject({
    subject: `rts.v1.health.${answeredBy}`,
    request: z.object({}),
    reply: healthReportSchema,
    answeredBy,
    askedBy: ['gateway', 'cli'],
    timeoutMs: 4_000,
  });

/** What an administrator is told of an app; who is asked judges whether the caller is one. */
const statsOf = <Reply extends z.ZodType>(answeredBy: AppName, reply: Reply) =>
  subject({
    subject: `rts.v1.stats.${answeredBy}`,
    request: getStatsSchema,
    reply,
    answeredBy,
    askedBy: ['gateway', 'cli'],
    timeoutMs: 3_000,
  });

/** Every subject there is. `deploy/nats/nats.conf` permits these and no others; a spec compares the two. */
export const subjects = {
  provisionRunner: subject({
    subject: 'rts.v1.runner.provision',
    request: provisionRunnerSchema,
    reply: runnerProvisionedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 34_000,
  }),
  deprovisionRunner: subject({
    subject: 'rts.v1.runner.deprovision',
    request: deprovisionRunnerSchema,
    reply: runnerDeprovisionedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 20_000,
  }),
  refreshRunner: subject({
    subject: 'rts.v1.runner.refresh',
    request: runnerReference,
    reply: refreshedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 20_000,
  }),
  renewRegistrationToken: subject({
    subject: 'rts.v1.runner.renewRegistrationToken',
    request: runnerReference,
    reply: registrationTokenRenewedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 34_000,
  }),
  abandonRunner: subject({
    subject: 'rts.v1.runner.abandon',
    request: abandonRunnerSchema,
    reply: recordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway'],
    timeoutMs: 20_000,
  }),
  recordObservation: subject({
    subject: 'rts.v1.runner.recordObservation',
    request: recordObservationSchema,
    reply: recordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['sync'],
    timeoutMs: 10_000,
  }),
  recordWorkflowJob: subject({
    subject: 'rts.v1.runner.recordWorkflowJob',
    request: recordWorkflowJobSchema,
    reply: recordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['sync'],
    timeoutMs: 10_000,
  }),
  recordUnmanaged: subject({
    subject: 'rts.v1.runner.recordUnmanaged',
    request: recordUnmanagedSchema,
    reply: unmanagedRecordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['sync'],
    timeoutMs: 10_000,
  }),
  settleRunner: subject({
    subject: 'rts.v1.runner.settle',
    request: settleRunnerSchema,
    reply: recordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['sync'],
    timeoutMs: 40_000,
  }),
  recordAccessRefused: subject({
    subject: 'rts.v1.security.record',
    request: recordAccessRefusedSchema,
    reply: recordedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'sync'],
    timeoutMs: 10_000,
  }),
  describeCaller: subject({
    subject: 'rts.v1.caller.describe',
    request: describeCallerSchema,
    reply: callerDescriptionSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli', 'sync'],
    timeoutMs: 5_000,
  }),
  ownLabelPolicies: subject({
    subject: 'rts.v1.caller.labelPolicies',
    request: describeCallerSchema,
    reply: ownLabelPoliciesSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 5_000,
  }),
  checkProvisioning: subject({
    subject: 'rts.v1.caller.check',
    request: provisionRunnerSchema,
    reply: provisioningCheckedSchema,
    answeredBy: 'provisioner',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  ...tenancySubjects,
  recordDelivery: subject({
    subject: 'rts.v1.delivery.record',
    request: recordDeliverySchema,
    reply: deliveryRecordedSchema,
    answeredBy: 'sync',
    askedBy: ['gateway'],
    timeoutMs: 8_000,
  }),
  syncStatus: subject({
    subject: 'rts.v1.sync.status',
    request: getSyncStatusSchema,
    reply: syncStatusSchema,
    answeredBy: 'sync',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  triggerSync: subject({
    subject: 'rts.v1.sync.trigger',
    request: triggerSyncSchema,
    reply: syncTriggeredSchema,
    answeredBy: 'sync',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 60_000,
  }),
  searchAuditRecords: subject({
    subject: 'rts.v1.auditRecord.search',
    request: searchAuditRecordsSchema,
    reply: auditRecordListSchema,
    answeredBy: 'audit',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  searchSecurityEvents: subject({
    subject: 'rts.v1.securityEvent.search',
    request: searchSecurityEventsSchema,
    reply: securityEventListSchema,
    answeredBy: 'audit',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  runnerTimeline: subject({
    subject: 'rts.v1.auditRecord.timeline',
    request: runnerTimelineSchema,
    reply: timelineSchema,
    answeredBy: 'audit',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  listRunners: subject({
    subject: 'rts.v1.fleet.list',
    request: listRunnersSchema,
    reply: runnerListSchema,
    answeredBy: 'dashboard',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  getRunner: subject({
    subject: 'rts.v1.fleet.get',
    request: getRunnerSchema,
    reply: runnerFoundSchema,
    answeredBy: 'dashboard',
    askedBy: ['gateway', 'cli'],
    timeoutMs: 10_000,
  }),
  dashboardStats: statsOf('dashboard', dashboardStatsSchema),
  auditStats: statsOf('audit', auditStatsSchema),
  provisionerStats: statsOf('provisioner', appStatsSchema),
  syncStats: statsOf('sync', appStatsSchema),
  provisionerHealth: healthOf('provisioner'),
  syncHealth: healthOf('sync'),
  auditHealth: healthOf('audit'),
  dashboardHealth: healthOf('dashboard'),
};

export type RequestOf<S extends Subject> = z.infer<S['request']>;
export type ReplyOf<S extends Subject> = z.infer<S['reply']>;
