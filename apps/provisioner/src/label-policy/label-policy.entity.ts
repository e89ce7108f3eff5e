import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { LabelPolicyEvent, Recorded } from '#libs/contracts';
import type { MigrationDefinition } from '#libs/read-model';

/** What a user without a team may put on runners. Removed ones stay as rows that count for nothing. */
export const UserLabelPolicy = defineEntity({
  name: 'UserLabelPolicy',
  tableName: 'label_policy',
  properties: {
    userId: p.string().primary(),
    /** Exact labels, or with `*` for any run of characters. */
    allowedLabels: p.json<string[]>(),
    /** RE2 patterns; a label must match one of them in full. */
    labelPatterns: p.json<string[]>(),
    /** Absent: no quota. */
    maxRunners: p.integer().nullable(),
    description: p.string().nullable(),
    isRemoved: p.boolean(),
    updatedAt: p.datetime(),
    /** Of the newest fact in this row. */
    position: p.bigint('bigint'),
  },
});
export type UserLabelPolicyRow = InferEntity<typeof UserLabelPolicy>;

export const labelPolicyMigration: MigrationDefinition = {
  name: 'label-policy-1',
  up: ({ instant, json, flag }) => [
    `create table label_policy (
      user_id text primary key,
      allowed_labels ${json} not null,
      label_patterns ${json} not null,
      max_runners integer,
      description text,
      is_removed ${flag} not null,
      updated_at ${instant} not null,
      position bigint not null
    )`,
  ],
};

/** A policy's row after one more fact; the same row when the fact is in it already. */
export const labelPolicyAfter = (
  row: UserLabelPolicyRow | undefined,
  fact: Recorded<LabelPolicyEvent>,
): UserLabelPolicyRow | undefined => {
  const { position } = fact;
  if (row && position <= row.position) return row;
  switch (fact.type) {
    case 'LabelPolicySet': {
      const { userId, allowedLabels, labelPatterns, maxRunners, description, setAt } = fact.data;
      return {
        userId,
        allowedLabels,
        labelPatterns,
        maxRunners: maxRunners ?? null,
        description: description ?? null,
        isRemoved: false,
        updatedAt: new Date(setAt),
        position,
      };
    }
    case 'LabelPolicyRemoved':
      return row && { ...row, isRemoved: true, updatedAt: new Date(fact.data.removedAt), position };
  }
};
