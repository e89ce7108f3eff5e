import { Inject, Injectable } from '@nestjs/common';
import { Team, type TeamRow } from '#libs/access';
import { type Database, findRows } from '#libs/read-model';
import { DATABASE, PROVISIONING } from '../provisioner.tokens.js';
import { type ProvisioningRules, policyOf } from '../runner/plan-provisioning.js';
import type { LabelPolicy } from './label-policy.decider.js';
import { UserPolicies } from './user-policies.js';

/** What a runner may be labelled with today, whatever was permitted when it was provisioned. */
@Injectable()
export class PolicyInForce {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly policies: UserPolicies,
    @Inject(PROVISIONING) private readonly rules: ProvisioningRules,
  ) {}

  /** The team's, or that of the user who provisioned it without one; undefined when the team is not known. */
  async of(runner: { teamId: string | undefined; provisionedBy: string }): Promise<LabelPolicy | undefined> {
    const { teamId, provisionedBy } = runner;
    if (teamId === undefined)
      return policyOf(undefined, await this.policies.ofUser(provisionedBy), this.rules);
    const [team] = await this.database.read((em) => findRows<TeamRow>(em, Team, 'id', [teamId]));
    return team === undefined ? undefined : policyOf(team, undefined, this.rules);
  }
}
