import { type Decision, type LabelPolicyEvent, labelPolicyEvent, refused } from '#libs/contracts';
import type { Decider } from '#libs/event-store';

type Rules = Omit<Extract<LabelPolicyEvent, { type: 'LabelPolicySet' }>['data'], 'userId' | 'setAt'>;
export type UserPolicyState = { status: 'none' } | { status: 'set'; rules: Rules };

export type SetPolicy = { type: 'SetPolicy'; userId: string; rules: Rules; at: string };
export type RemovePolicy = { type: 'RemovePolicy'; userId: string; at: string };
export type UserPolicyCommand = SetPolicy | RemovePolicy;

const setPolicy = ({ userId, rules, at }: SetPolicy, policy: UserPolicyState): Decision<LabelPolicyEvent> =>
  policy.status === 'set' && isSame(policy.rules, rules)
    ? []
    : [labelPolicyEvent('LabelPolicySet')({ userId, ...rules, setAt: at })];

const isSame = (one: Rules, other: Rules): boolean =>
  one.allowedLabels.join() === other.allowedLabels.join() &&
  one.labelPatterns.join('\n') === other.labelPatterns.join('\n') &&
  one.maxRunners === other.maxRunners &&
  one.description === other.description;

const removePolicy = (
  { userId, at }: RemovePolicy,
  { status }: UserPolicyState,
): Decision<LabelPolicyEvent> =>
  status === 'set'
    ? [labelPolicyEvent('LabelPolicyRemoved')({ userId, removedAt: at })]
    : refused('label-policy-unknown', 'This user has no label policy.');

/** What a user without a team may put on runners, and how many of them. What is set replaces what was. */
export const userPolicyDecider: Decider<UserPolicyCommand, UserPolicyState, LabelPolicyEvent> = {
  initial: { status: 'none' },
  decide: (command, policy) => {
    switch (command.type) {
      case 'SetPolicy':
        return setPolicy(command, policy);
      case 'RemovePolicy':
        return removePolicy(command, policy);
    }
  },
  evolve: (_, event) => {
    switch (event.type) {
      case 'LabelPolicySet': {
        const { userId: __, setAt: ___, ...rules } = event.data;
        return { status: 'set', rules };
      }
      case 'LabelPolicyRemoved':
        return { status: 'none' };
    }
  },
};
