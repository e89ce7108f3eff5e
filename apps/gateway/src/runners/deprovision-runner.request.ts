import { z } from 'zod';
import { flagQuery } from '../http/page.request.js';

/** Query of `DELETE /runners/{id}`. */
export const deprovisionQuerySchema = z.strictObject({
  cancel_job: flagQuery
    .optional()
    .describe(
      'Cancels the workflow run of a running job first; the App needs the permission actions: write. Which job a runner runs is known from webhooks: without them the deletion waits for its end.',
    ),
});
export type DeprovisionQuery = z.infer<typeof deprovisionQuerySchema>;
