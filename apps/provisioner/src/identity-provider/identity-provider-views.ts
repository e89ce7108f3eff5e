import { displayIdentities, IdentityProvider, type IdentityProviderRow } from '#libs/access';
import type { IdentityProviderView } from '#libs/contracts';
import type { EntityManager } from '#libs/read-model';
import { present } from '../present.js';
import { shownMaker } from '../tenancy/shown-maker.js';

/** Rows as administrators see them. */
export const identityProviderViews = async (
  em: EntityManager,
  rows: readonly IdentityProviderRow[],
): Promise<IdentityProviderView[]> => {
  const makers = await displayIdentities(
    em,
    rows.flatMap(({ createdByUserId }) => createdByUserId ?? []),
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    issuer: row.issuer,
    audiences: row.audiences,
    ...present('jwksUrl', row.jwksUrl),
    algorithms: row.algorithms,
    emailDomains: row.emailDomains,
    claims: row.claims,
    isActive: row.isActive,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdBy: shownMaker(row, makers),
  }));
};

/** Also of one that was removed. */
export const findIdentityProviderView = async (
  em: EntityManager,
  id: string,
): Promise<IdentityProviderView | undefined> => {
  const row = await em.findOne(IdentityProvider, { id });
  const [view] = row ? await identityProviderViews(em, [row]) : [];
  return view;
};
