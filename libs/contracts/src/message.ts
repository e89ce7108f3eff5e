import { z } from 'zod';

/** An instant: ISO-8601, UTC, written with `Z`. */
export const instant = z.iso.datetime();

/** One of our own ids. RFC 9562, 4: written in lower case, read in any. */
export const uuid = z.uuid().toLowerCase();

/**
 * Who is calling, as the gateway verified it. Identity is issuer + subject; the e-mail is only a claim of that
 * issuer and names a user no longer than until the first login.
 */
export const callerSchema = z.object({
  issuer: z.string().min(1),
  subject: z.string().min(1),
  email: z.string().optional(),
  emailVerified: z.boolean().default(false),
  /** Of a client that acts by itself, as its issuer's configured claim names it. */
  clientId: z.string().optional(),
  /** The token's other claims that are texts, numbers, truth values or lists of them: what trust rules look at. */
  claims: z.record(z.string(), z.unknown()).optional(),
});
export type Caller = z.infer<typeof callerSchema>;

/** What travels with every question: where it came from and what its asker has seen already. */
export const requestContextSchema = z.object({
  /** `X-Request-Id`: the correlation id of every event, log line and problem. */
  requestId: z.string(),
  caller: callerSchema.optional(),
  requestIp: z.string().optional(),
  userAgent: z.string().optional(),
  /** W3C Trace Context. */
  traceparent: z.string().optional(),
  /** The newest log position the caller has been told of; a view waits until it has got there. */
  knownPosition: z.string().optional(),
  /** The instant (milliseconds since 1970) after which nobody waits for the answer any more. */
  deadline: z.number().optional(),
});
export type RequestContext = z.infer<typeof requestContextSchema>;

/** Who or what caused a fact. No names and no e-mails: they live in `user-*` only. */
export const actorSchema = z.object({
  kind: z.enum(['user', 'machine', 'service', 'github', 'cli']),
  issuer: z.string().optional(),
  subject: z.string().optional(),
  userId: z.string().optional(),
  /** Of a machine: the registered client or the trust rule it came in by. */
  machineClientId: z.string().optional(),
  trustRuleId: z.string().optional(),
  /** The app, when the service acted by itself: `sync`, `provisioner`. */
  app: z.string().optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** Metadata of every event. */
export const eventMetadataSchema = z.object({
  $correlationId: z.string(),
  $causationId: z.string(),
  actor: actorSchema,
  requestIp: z.string().optional(),
  userAgent: z.string().optional(),
  traceparent: z.string().optional(),
  schemaVersion: z.number().int().positive(),
});
export type EventMetadata = z.infer<typeof eventMetadataSchema>;
