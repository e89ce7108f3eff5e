import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { Recorded, TrustCondition, TrustRuleEvent } from '#libs/contracts';
import { createdBy, createdByProperties } from './created-by.js';

/** Tokens whose claims fulfil all conditions act for one team. Removed ones stay, so that records can name them. */
export const TrustRule = defineEntity({
  name: 'TrustRule',
  tableName: 'trust_rule',
  properties: {
    id: p.string().primary(),
    name: p.string(),
    identityProviderId: p.string(),
    teamId: p.string(),
    conditions: p.json<TrustCondition[]>(),
    isActive: p.boolean(),
    isRemoved: p.boolean(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    ...createdByProperties,
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type TrustRuleRow = InferEntity<typeof TrustRule>;

export const trustRuleIdOf = ({ data }: Recorded<TrustRuleEvent>): string => data.trustRuleId;

/** A rule's row after one more fact; the same row when the fact is in it already. */
export const trustRuleAfter = (
  row: TrustRuleRow | undefined,
  fact: Recorded<TrustRuleEvent>,
): TrustRuleRow | undefined => {
  const { position, recordedAt } = fact;
  if (row && position <= row.position) return row;
  if (fact.type === 'TrustRuleCreated') {
    const { trustRuleId, createdAt, ...settings } = fact.data;
    return {
      id: trustRuleId,
      ...settings,
      isActive: true,
      isRemoved: false,
      createdAt: new Date(createdAt),
      updatedAt: new Date(createdAt),
      ...createdBy(fact.metadata.actor),
      position,
    };
  }
  return row && { ...row, ...changeIn(fact), updatedAt: recordedAt, position };
};

const changeIn = (
  fact: Recorded<Exclude<TrustRuleEvent, { type: 'TrustRuleCreated' }>>,
): Partial<TrustRuleRow> => {
  switch (fact.type) {
    case 'TrustRuleChanged': {
      const { name, identityProviderId, teamId, conditions } = fact.data;
      return { name, identityProviderId, teamId, conditions };
    }
    case 'TrustRuleDeactivated':
      return { isActive: false };
    case 'TrustRuleActivated':
      return { isActive: true };
    case 'TrustRuleRemoved':
      return { isActive: false, isRemoved: true };
  }
};
