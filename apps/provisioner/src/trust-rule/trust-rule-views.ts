import { displayIdentities, TrustRule, type TrustRuleRow } from '#libs/access';
import { Problem, type TrustRuleView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { shownMaker } from '../tenancy/shown-maker.js';

/** Rows as administrators see them. */
export const trustRuleViews = async (
  em: EntityManager,
  rows: readonly TrustRuleRow[],
): Promise<TrustRuleView[]> => {
  const makers = await displayIdentities(
    em,
    rows.flatMap(({ createdByUserId }) => createdByUserId ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    identityProviderId: row.identityProviderId,
    teamId: row.teamId,
    conditions: row.conditions,
    isActive: row.isActive,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdBy: shownMaker(row, makers),
  }));
};

/** Also of one that was removed. */
export const findTrustRuleView = async (
  em: EntityManager,
  id: string,
): Promise<TrustRuleView | undefined> => {
  const row = await em.findOne(TrustRule, { id });
  const [view] = row ? await trustRuleViews(em, [row]) : [];
  return view;
};

export const trustRuleUnknown = () =>
  new Problem('trust-rule-unknown', 'There is no such trust rule. GET /api/v1/admin/trust-rules lists all.');
