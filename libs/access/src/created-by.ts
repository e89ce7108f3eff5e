import { p } from '@mikro-orm/core';
import type { Actor } from '#libs/contracts';

/** Whoever made the thing: a user, whose name is looked up when shown, or an app of the service. */
export const createdByProperties = {
  createdByUserId: p.string().nullable(),
  createdByApp: p.string().nullable(),
};
export type CreatedBy = { createdByUserId: string | null; createdByApp: string | null };

export const createdBy = ({ kind, userId, machineClientId, trustRuleId, app }: Actor): CreatedBy => ({
  createdByUserId: userId ?? machineClientId ?? trustRuleId ?? null,
  createdByApp: app ?? (kind === 'user' || kind === 'machine' ? null : kind),
});
