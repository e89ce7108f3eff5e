import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** One caller's key is one runner. The stream's name holds the digest of caller and key; the key is no fact. */
export const idempotencyKeyEventSchemas = {
  IdempotencyKeyClaimed: z.object({
    runnerId: uuid,
    /** Hex, of the request's body as it was understood. */
    requestSha256: z.string(),
    claimedAt: instant,
  }),
  /** The runner came to nothing, or a day has passed: the key may be used again. */
  IdempotencyKeyFreed: z.object({ runnerId: uuid, freedAt: instant }),
};
export type IdempotencyKeyEvent = EventsOf<typeof idempotencyKeyEventSchemas>;
export const idempotencyKeyEvent = eventConstructor<IdempotencyKeyEvent>();
