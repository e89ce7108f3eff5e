import type { AuditRecord, TimelineEntry } from '../audit/audit-record.queries.js';
import type { RegistrationTokenRenewed, RunnerProvisioned } from '../runner/runner.commands.js';
import type { RunnerView } from '../runner/runner.queries.js';
import type { AppStats, FleetStats, RecordStats } from '../stats/stats.queries.js';
import type { SyncTriggered } from '../sync/sync.commands.js';
import type { SyncStatus } from '../sync/sync-status.queries.js';
import type { CallerDescription } from '../user/caller.queries.js';
import { tenancyExamples } from './tenancy-examples.js';

/** One valid example of every reply; what a change breaks here it breaks for both sides. */
export const examples = {
  ...tenancyExamples,
  jitProvisioned: {
    runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01',
    runnerName: 'secure-worker-001',
    labels: ['self-hosted', 'linux', 'x64', 'gpu', 'ubuntu-22.04'],
    runnerGroupId: 1,
    ephemeral: true,
    disableUpdate: false,
    githubUrl: 'https://github.com/octo-org',
    expiresAt: '2026-01-16T16:30:00.000Z',
    position: '1024',
    secret: { encodedJitConfig: 'eyJleGFtcGxlIjoidHJ1ZSJ9' },
  },
  tokenProvisioned: {
    runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c02',
    runnerName: 'gpu-worker-001',
    labels: ['gpu', 'ubuntu-22.04', 'cuda-11.8'],
    runnerGroupId: 1,
    ephemeral: true,
    disableUpdate: false,
    githubUrl: 'https://github.com/octo-org',
    expiresAt: '2026-01-16T15:30:00.000Z',
    position: '1025',
    secret: { registrationToken: 'AABBCCDD' },
  },
  tokenRenewed: {
    runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c02',
    expiresAt: '2026-01-16T16:30:00.000Z',
    position: '1026',
    secret: { registrationToken: 'EEFFGGHH', removalToken: 'IIJJKKLL' },
  },
  runner: {
    runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01',
    runnerName: 'secure-worker-001',
    status: 'active',
    state: 'busy',
    githubRunnerId: 10450,
    runnerGroupId: 1,
    labels: ['self-hosted', 'linux', 'x64', 'gpu'],
    ephemeral: true,
    provisioningMethod: 'jit',
    provisionedBy: 'alice@example.com',
    teamId: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
    teamName: 'dev',
    githubUrl: 'https://github.com/octo-org',
    createdAt: '2026-01-16T15:30:00.000Z',
    updatedAt: '2026-01-16T15:31:00.000Z',
    registeredAt: '2026-01-16T15:30:01.000Z',
    lastSeenAt: '2026-01-16T15:31:00.000Z',
    currentJob: {
      repository: 'octo-org/app',
      workflowName: 'build',
      jobName: 'test',
      runId: 800,
      runAttempt: 1,
      htmlUrl: 'https://github.com/octo-org/app/actions/runs/800/job/900',
      startedAt: '2026-01-16T15:31:00.000Z',
    },
  },
  timelineEntry: {
    type: 'provision_jit',
    at: '2026-01-16T15:30:01.000Z',
    actor: 'alice@example.com',
    summary: 'A JIT config was issued.',
  },
  syncStatus: {
    pollingEnabled: true,
    webhooksEnabled: true,
    leader: {
      observer: '2f6c1a70-5d8e-4b8f-9a53-6b0c7d8e9f10',
      term: 7,
      leaseExpiresAt: '2026-01-16T15:35:08.000Z',
    },
    lastCycle: {
      cycleId: '2f6c1a70-5d8e-4b8f-9a53-6b0c7d8e9f11',
      startedAt: '2026-01-16T15:30:00.000Z',
      completedAt: '2026-01-16T15:30:01.000Z',
      success: true,
      result: { updated: 2, deleted: 1, unchanged: 197, errors: 0, labelDrifts: 0, unmanaged: 1, total: 200 },
    },
    nextRunAt: '2026-01-16T15:35:00.000Z',
    deliveries: {
      enabled: true,
      since: '2026-01-16T15:20:00.000Z',
      accountedFor: 4021,
      of: 4021,
      askedAgain: 3,
      givenUp: 0,
      checkedAt: '2026-01-16T15:30:00.000Z',
    },
    githubRateLimit: {
      limit: 15_000,
      remaining: 14_321,
      resetsAt: '2026-01-16T16:00:00.000Z',
      seenAt: '2026-01-16T15:30:01.000Z',
    },
    unmanagedTotal: 1,
    unmanagedRunners: [
      { githubRunnerId: 77, name: 'under-a-desk', labels: ['self-hosted', 'linux'], status: 'online' },
    ],
  },
  syncTriggered: {
    cycleId: '2f6c1a70-5d8e-4b8f-9a53-6b0c7d8e9f11',
    result: { updated: 2, deleted: 1, unchanged: 197, errors: 0, labelDrifts: 0, unmanaged: 1, total: 200 },
    position: '1027',
  },
  auditRecord: {
    id: '5b0b6f0e-52d4-5a0c-9f5c-9a4f2b1d6e01',
    position: '1024',
    eventType: 'provision_jit',
    runnerId: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01',
    runnerName: 'secure-worker-001',
    userIdentity: 'alice@example.com',
    requestId: 'req-1',
    eventData: { github_runner_id: 10450 },
    success: true,
    timestamp: '2026-01-16T15:30:01.000Z',
  },
  dashboardStats: {
    runners: {
      total: 1342,
      byStatus: { pending: 2, active: 5, offline: 1, deleted: 1334 },
      byTeam: [
        {
          teamId: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02',
          teamName: 'dev',
          pending: 1,
          active: 5,
          offline: 1,
          limit: 10,
        },
        { pending: 1, active: 0, offline: 0 },
      ],
    },
    users: { total: 43, active: 41, admins: 2 },
    teams: { total: 6, active: 5 },
    machineClients: { total: 4, active: 4 },
    projections: [
      { name: 'fleet', status: 'live', position: '1027', lagSeconds: 0 },
      { name: 'membership', status: 'live', position: '1027', lagSeconds: 0 },
    ],
    fresh: true,
  },
  auditStats: {
    security: { total: 87, lastDay: { low: 3, medium: 1, high: 1, critical: 0 } },
    audit: { total: 9120, lastDay: { total: 640, unsuccessful: 5 } },
    projections: [
      { name: 'audit-records', status: 'live', position: '1027', lagSeconds: 0 },
      {
        name: 'security-events',
        status: 'stopped',
        position: '1019',
        lagSeconds: 412.5,
        detail: 'AccessRefused at security-2026-01-16@7: version 2, and this service knows versions up to 1',
      },
      { name: 'membership', status: 'live', position: '1027', lagSeconds: 0 },
    ],
    fresh: true,
  },
  provisionerStats: {
    projections: [{ name: 'membership', status: 'live', position: '1027', lagSeconds: 0 }],
  },
  syncStats: {
    projections: [{ name: 'tracking', status: 'live', position: '1027', lagSeconds: 0 }],
  },
  caller: {
    userId: '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04',
    email: 'alice@example.com',
    oidcIssuer: 'https://auth.example.com',
    oidcSub: 'alice',
    isAdmin: false,
    canUseJit: true,
    canUseRegistrationToken: false,
    roles: ['user'],
    teams: [{ id: '6f6b6f0c-6a53-4f51-9f55-0d1c1f1f2a02', name: 'dev' }],
  },
} satisfies {
  jitProvisioned: RunnerProvisioned;
  tokenProvisioned: RunnerProvisioned;
  tokenRenewed: RegistrationTokenRenewed;
  runner: RunnerView;
  timelineEntry: TimelineEntry;
  syncStatus: SyncStatus;
  syncTriggered: SyncTriggered;
  auditRecord: AuditRecord;
  dashboardStats: FleetStats & AppStats & { fresh: boolean };
  auditStats: RecordStats & AppStats & { fresh: boolean };
  provisionerStats: AppStats;
  syncStats: AppStats;
  caller: CallerDescription;
};
