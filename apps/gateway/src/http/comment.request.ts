import { z } from 'zod';
import { comment } from '#libs/contracts';

/** Why something is taken away from somebody. */
export const commentRequestSchema = z
  .strictObject({ comment })
  .meta({ example: { comment: 'Has left the company' } });
export type CommentRequest = z.infer<typeof commentRequestSchema>;
