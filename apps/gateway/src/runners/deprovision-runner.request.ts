import { z } from 'zod';

/** Query of `DELETE /runners/{id}`. Cancelling the job first comes with the workflow-run calls. */
export const deprovisionQuerySchema = z.strictObject({});
export type DeprovisionQuery = z.infer<typeof deprovisionQuerySchema>;
