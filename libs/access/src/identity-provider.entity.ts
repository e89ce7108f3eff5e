import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { IdentityProviderEvent, IdentityProviderSettings, Recorded } from '#libs/contracts';
import { createdBy, createdByProperties } from './created-by.js';

/** An issuer whose tokens are trusted, beside the environment's. Removed ones stay: their tokens are refused by name. */
export const IdentityProvider = defineEntity({
  name: 'IdentityProvider',
  tableName: 'identity_provider',
  properties: {
    id: p.string().primary(),
    issuer: p.string(),
    name: p.string(),
    audiences: p.json<string[]>(),
    jwksUrl: p.string().nullable(),
    algorithms: p.json<string[]>(),
    /** Lower-case. */
    emailDomains: p.json<string[]>(),
    claims: p.json<IdentityProviderSettings['claims']>(),
    isActive: p.boolean(),
    isRemoved: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    ...createdByProperties,
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type IdentityProviderRow = InferEntity<typeof IdentityProvider>;

export const identityProviderIdOf = ({ data }: Recorded<IdentityProviderEvent>): string =>
  data.identityProviderId;

/** A provider's row after one more fact; the same row when the fact is in it already. */
export const identityProviderAfter = (
  row: IdentityProviderRow | undefined,
  fact: Recorded<IdentityProviderEvent>,
): IdentityProviderRow | undefined => {
  const { position, recordedAt } = fact;
  if (row && position <= row.position) return row;
  if (fact.type === 'IdentityProviderRegistered') {
    const { data, metadata } = fact;
    return {
      id: data.identityProviderId,
      issuer: data.issuer,
      ...settingsIn(data),
      isActive: true,
      isRemoved: false,
      createdAt: new Date(data.registeredAt),
      updatedAt: new Date(data.registeredAt),
      ...createdBy(metadata.actor),
      position,
    };
  }
  return row && { ...row, ...changeIn(fact), updatedAt: recordedAt, position };
};

const changeIn = (
  fact: Recorded<Exclude<IdentityProviderEvent, { type: 'IdentityProviderRegistered' }>>,
): Partial<IdentityProviderRow> => {
  switch (fact.type) {
    case 'IdentityProviderConfigured':
      return settingsIn(fact.data);
    case 'IdentityProviderDeactivated':
      return { isActive: false };
    case 'IdentityProviderActivated':
      return { isActive: true };
    case 'IdentityProviderRemoved':
      return { isActive: false, isRemoved: true };
  }
};

const settingsIn = ({
  name,
  audiences,
  jwksUrl,
  algorithms,
  emailDomains,
  claims,
}: IdentityProviderSettings) => ({
  name,
  audiences,
  jwksUrl: jwksUrl ?? null,
  algorithms,
  emailDomains,
  claims,
});
