import { z } from 'zod';

/** Somebody was turned away at the edge. The source is hashed into the event id: one record a minute. */
export const recordAccessRefusedSchema = z.object({
  code: z.string(),
  detail: z.string(),
  /** What was asked for, as `METHOD /path/:parameter`. */
  route: z.string().optional(),
  /** Whatever tells one source from another: the socket's peer, an issuer and subject. */
  source: z.string(),
});
