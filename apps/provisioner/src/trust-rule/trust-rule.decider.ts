import {
  type Decision,
  refused,
  type TrustCondition,
  type TrustRuleEvent,
  trustRuleEvent,
} from '#libs/contracts';
import type { Decider } from '#libs/event-store';
import { refuseConditions } from './check-conditions.js';

export type TrustRuleSettings = {
  name: string;
  identityProviderId: string;
  teamId: string;
  conditions: TrustCondition[];
};
export type KnownTrustRule = { status: 'active' | 'inactive'; settings: TrustRuleSettings };
export type TrustRuleState = { status: 'unknown' } | { status: 'removed' } | KnownTrustRule;

export type CreateTrustRule = {
  type: 'CreateTrustRule';
  trustRuleId: string;
  settings: TrustRuleSettings;
  /** Of the identity provider: what a condition must say depends on it. */
  issuer: string;
  at: string;
};
/** Absent = keep. */
export type ChangeTrustRule = {
  type: 'ChangeTrustRule';
  trustRuleId: string;
  name?: string | undefined;
  teamId?: string | undefined;
  conditions?: TrustCondition[] | undefined;
  isActive?: boolean | undefined;
  /** As above; needed when the conditions change. */
  issuer?: string | undefined;
  at: string;
};
export type RemoveTrustRule = { type: 'RemoveTrustRule'; trustRuleId: string; at: string };
export type TrustRuleCommand = CreateTrustRule | ChangeTrustRule | RemoveTrustRule;

const create = ({ trustRuleId, settings, issuer, at }: CreateTrustRule): Decision<TrustRuleEvent> =>
  refuseConditions(settings.conditions, issuer) ?? [
    trustRuleEvent('TrustRuleCreated')({ ...settings, trustRuleId, createdAt: at }),
  ];

const change = (
  { trustRuleId, at, issuer = '', isActive, ...patch }: ChangeTrustRule,
  { status, settings }: KnownTrustRule,
): Decision<TrustRuleEvent> => {
  const wanted: TrustRuleSettings = {
    name: patch.name ?? settings.name,
    identityProviderId: settings.identityProviderId,
    teamId: patch.teamId ?? settings.teamId,
    conditions: patch.conditions ?? settings.conditions,
  };
  const refusal = patch.conditions && refuseConditions(patch.conditions, issuer);
  if (refusal) return refusal;
  const changes: (TrustRuleEvent | false)[] = [
    JSON.stringify(wanted) !== JSON.stringify(settings) &&
      trustRuleEvent('TrustRuleChanged')({ ...wanted, trustRuleId, changedAt: at }),
    isActive === true &&
      status === 'inactive' &&
      trustRuleEvent('TrustRuleActivated')({ trustRuleId, activatedAt: at }),
    isActive === false &&
      status === 'active' &&
      trustRuleEvent('TrustRuleDeactivated')({ trustRuleId, deactivatedAt: at }),
  ];
  return changes.filter((each) => each !== false);
};

/** Tokens of one issuer whose claims fulfil all conditions act for one team, as a machine. */
export const trustRuleDecider: Decider<TrustRuleCommand, TrustRuleState, TrustRuleEvent> = {
  initial: { status: 'unknown' },
  decide: (command, rule) => {
    if (command.type === 'CreateTrustRule') return rule.status === 'unknown' ? create(command) : [];
    if (rule.status === 'unknown' || rule.status === 'removed')
      return refused(
        'trust-rule-unknown',
        'There is no such trust rule. GET /api/v1/admin/trust-rules lists all.',
      );
    switch (command.type) {
      case 'ChangeTrustRule':
        return change(command, rule);
      case 'RemoveTrustRule': {
        const { trustRuleId, at } = command;
        return [trustRuleEvent('TrustRuleRemoved')({ trustRuleId, removedAt: at })];
      }
    }
  },
  evolve: (rule, event) => {
    if (event.type === 'TrustRuleCreated') return { status: 'active', settings: settingsIn(event.data) };
    if (rule.status === 'unknown' || rule.status === 'removed') return rule;
    switch (event.type) {
      case 'TrustRuleChanged':
        return { ...rule, settings: settingsIn(event.data) };
      case 'TrustRuleDeactivated':
        return { ...rule, status: 'inactive' };
      case 'TrustRuleActivated':
        return { ...rule, status: 'active' };
      case 'TrustRuleRemoved':
        return { status: 'removed' };
    }
  },
};

const settingsIn = ({
  name,
  identityProviderId,
  teamId,
  conditions,
}: TrustRuleSettings): TrustRuleSettings => ({
  name,
  identityProviderId,
  teamId,
  conditions,
});
