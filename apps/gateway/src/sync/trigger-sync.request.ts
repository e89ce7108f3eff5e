import { z } from 'zod';
import { flagQuery } from '../http/page.request.js';

/** Query of `POST /admin/sync/trigger`. */
export const triggerSyncQuerySchema = z.strictObject({ wait: flagQuery.default(false) });
export type TriggerSyncQuery = z.infer<typeof triggerSyncQuerySchema>;
