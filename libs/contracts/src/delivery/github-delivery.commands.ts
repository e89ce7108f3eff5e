import { z } from 'zod';
import { workflowJobDeliverySchema } from './github-delivery.events.js';

/** A webhook delivery whose signature was right, cut to what we use. */
export const recordDeliverySchema = z.object({
  guid: z.string().min(1).max(128),
  bodySha256: z.string().length(64),
  installationId: z.number().int(),
  organization: z.string(),
  workflowJob: workflowJobDeliverySchema,
});
export type RecordDelivery = z.infer<typeof recordDeliverySchema>;

export const deliveryRecordedSchema = z.object({ status: z.enum(['accepted', 'duplicate', 'ignored']) });
