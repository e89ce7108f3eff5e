import { z } from 'zod';
import { type EventsOf, eventConstructor } from '../event.js';
import { instant, uuid } from '../message.js';

/** What a claim must be: the same text, or a match of an RE2 pattern in full. */
export const trustConditionSchema = z.object({
  /** Name of a claim of the token. */
  claim: z.string(),
  equals: z.string().optional(),
  matches: z.string().optional(),
});
export type TrustCondition = z.infer<typeof trustConditionSchema>;

/** Tokens of one issuer whose claims fulfil all conditions act for one team, as a machine. */
export const trustRuleSettings = z.object({
  name: z.string(),
  identityProviderId: uuid,
  teamId: uuid,
  conditions: z.array(trustConditionSchema),
});

export const trustRuleEventSchemas = {
  TrustRuleCreated: trustRuleSettings.extend({ trustRuleId: uuid, createdAt: instant }),
  /** Holds all settings as they are from now on. */
  TrustRuleChanged: trustRuleSettings.extend({ trustRuleId: uuid, changedAt: instant }),
  TrustRuleDeactivated: z.object({ trustRuleId: uuid, deactivatedAt: instant }),
  TrustRuleActivated: z.object({ trustRuleId: uuid, activatedAt: instant }),
  TrustRuleRemoved: z.object({ trustRuleId: uuid, removedAt: instant }),
};
export type TrustRuleEvent = EventsOf<typeof trustRuleEventSchemas>;
export const trustRuleEvent = eventConstructor<TrustRuleEvent>();
