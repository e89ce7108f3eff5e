import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { RecordWorkflowJob } from '#libs/contracts';

/**
 * A stage of a workflow job that the provisioner has yet to be told of. Written together with the checkpoint, so
 * none is forgotten; gone once the provisioner has answered, or once the log shows what came of it.
 */
export const JobReport = defineEntity({
  name: 'JobReport',
  tableName: 'job_report',
  properties: {
    /** Id of the delivery's event. */
    id: p.string().primary(),
    /** Log position of the delivery: reports about one runner go out in this order. */
    position: p.bigint('bigint'),
    runnerId: p.string(),
    jobId: p.bigint('number'),
    request: p.json<RecordWorkflowJob>(),
    correlationId: p.string(),
    deliveredAt: p.datetime(),
  },
});
export type JobReportRow = InferEntity<typeof JobReport>;
