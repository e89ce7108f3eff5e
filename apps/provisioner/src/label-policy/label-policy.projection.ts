import type { LabelPolicyEvent, Recorded } from '#libs/contracts';
import { foldRows, type Projection } from '#libs/read-model';
import { labelPolicyAfter, UserLabelPolicy, type UserLabelPolicyRow } from './label-policy.entity.js';

export const labelPolicyProjection: Projection = {
  name: 'label-policies',
  prefixes: ['labelPolicy-'],
  apply: async (em, facts) => {
    await foldRows<UserLabelPolicyRow>(em, facts, {
      entity: UserLabelPolicy,
      key: 'userId',
      keyOf: (fact) => (fact as Recorded<LabelPolicyEvent>).data.userId,
      evolve: (row, fact) => labelPolicyAfter(row, fact as Recorded<LabelPolicyEvent>),
    });
  },
};
