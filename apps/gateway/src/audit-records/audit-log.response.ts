import { z } from 'zod';
import { instant, uuid } from '#libs/contracts';

export const auditLogResponseSchema = z.object({
  logs: z.array(
    z.object({
      id: z.string(),
      position: z.string(),
      event_type: z.string(),
      runner_id: uuid.optional(),
      runner_name: z.string().optional(),
      team_id: uuid.optional(),
      team_name: z.string().optional(),
      user_identity: z.string(),
      oidc_issuer: z.string().optional(),
      oidc_sub: z.string().optional(),
      request_id: z.string(),
      request_ip: z.string().optional(),
      user_agent: z.string().optional(),
      event_data: z.record(z.string(), z.unknown()),
      success: z.boolean(),
      error_message: z.string().optional(),
      timestamp: instant,
    }),
  ),
  total: z.int(),
});
