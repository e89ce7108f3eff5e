import { Inject, Injectable } from '@nestjs/common';
import { Problem, streams, type TrustRuleEvent } from '#libs/contracts';
import { type EventStore, type Handled, handleCommand, load } from '#libs/event-store';
import { IdentityProviders } from '../identity-provider/identity-providers.js';
import { type Origin, step } from '../origin.js';
import { EVENT_STORE } from '../provisioner.tokens.js';
import { Teams } from '../team/teams.js';
import {
  type ChangeTrustRule,
  type CreateTrustRule,
  type KnownTrustRule,
  type RemoveTrustRule,
  type TrustRuleCommand,
  type TrustRuleState,
  trustRuleDecider,
} from './trust-rule.decider.js';

/** The trust rules' streams; what they speak of has to exist. */
@Injectable()
export class TrustRules {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    private readonly providers: IdentityProviders,
    private readonly teams: Teams,
  ) {}

  /**
   * Log position of what was recorded, if it was new. Safe to repeat.
   * @throws Problem `identity-provider-unknown`, `team-unknown`, `pattern-invalid`
   */
  async create(rule: Omit<CreateTrustRule, 'type' | 'issuer'>, origin: Origin): Promise<bigint | undefined> {
    const { identityProviderId, teamId } = rule.settings;
    const { issuer } = await this.providers.known(identityProviderId);
    await this.teams.known(teamId);
    return (await this.handle({ type: 'CreateTrustRule', ...rule, issuer }, origin)).position;
  }

  /** @throws Problem `trust-rule-unknown`, `identity-provider-unknown`, `team-unknown`, `pattern-invalid` */
  async change(
    change: Omit<ChangeTrustRule, 'type' | 'issuer'>,
    origin: Origin,
  ): Promise<bigint | undefined> {
    const { settings } = await this.known(change.trustRuleId);
    const provider = change.conditions && (await this.providers.known(settings.identityProviderId));
    if (change.teamId !== undefined) await this.teams.known(change.teamId);
    const command = { type: 'ChangeTrustRule', ...change, issuer: provider?.issuer } as const;
    return (await this.handle(command, origin)).position;
  }

  /** @throws Problem `trust-rule-unknown` */
  async remove(removal: Omit<RemoveTrustRule, 'type'>, origin: Origin): Promise<bigint | undefined> {
    return (await this.handle({ type: 'RemoveTrustRule', ...removal }, origin)).position;
  }

  private async known(trustRuleId: string): Promise<KnownTrustRule> {
    const { state } = await load(this.store, trustRuleDecider, streams.trustRule(trustRuleId));
    if (state.status !== 'unknown' && state.status !== 'removed') return state;
    throw new Problem('trust-rule-unknown', 'There is no such trust rule.');
  }

  private handle(
    command: TrustRuleCommand,
    origin: Origin,
  ): Promise<Handled<TrustRuleState, TrustRuleEvent>> {
    const { type, trustRuleId } = command;
    return handleCommand(
      this.store,
      trustRuleDecider,
      streams.trustRule(trustRuleId),
      command,
      step(origin, `${type}-${trustRuleId}`),
    );
  }
}
