import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type {
  DeletionReason,
  ProvisioningMethod,
  RunnerState,
  RunnerStatus,
  WorkflowJob,
} from '#libs/contracts';

/** The job a runner is running: GitHub's words, and since when. */
export type CurrentJob = WorkflowJob & { startedAt: string };

/** A runner as it is now, deleted ones included. */
export const Runner = defineEntity({
  name: 'Runner',
  tableName: 'runner',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    /** Lower-case: names that differ only by case are one name. */
    nameKey: p.string(),
    state: p.string().$type<RunnerState>(),
    /** While it is being deleted: what it was, and is again should the deletion fail. */
    stateBefore: p.string().$type<RunnerState>().nullable(),
    status: p.string().$type<RunnerStatus>(),
    githubRunnerId: p.bigint('number').nullable(),
    runnerGroupId: p.bigint('number'),
    /** `,linux,x64,`: a comma on both sides of each, so that one `like` finds a label. */
    labels: p.string(),
    ephemeral: p.boolean(),
    provisioningMethod: p.string().$type<ProvisioningMethod>(),
    /** User id. */
    provisionedBy: p.string(),
    teamId: p.string().nullable(),
    /** The organisation it is registered in. */
    organization: p.string(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    registeredAt: p.datetime().nullable(),
    lastSeenAt: p.datetime().nullable(),
    deletedAt: p.datetime().nullable(),
    deletionReason: p.string().$type<DeletionReason>().nullable(),
    currentJob: p.json<CurrentJob>().nullable(),
    /** Log position of its first fact: the order of creation, without ties. */
    createdPosition: p.bigint('bigint'),
    /** Log position of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type RunnerRow = InferEntity<typeof Runner>;

export const packLabels = (labels: readonly string[]): string => `,${labels.join(',')},`;
export const unpackLabels = (packed: string): string[] => packed.split(',').filter((label) => label !== '');
