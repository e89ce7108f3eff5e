import { Inject, Injectable } from '@nestjs/common';
import { Team, type TeamRow } from '#libs/access';
import { type Database, findRows } from '#libs/read-model';
import { DATABASE, PROVISIONING } from '../provisioner.tokens.js';
import { type ProvisioningRules, policyOf } from '../runner/plan-provisioning.js';
import type { LabelPolicy } from './label-policy.decider.js';
import { UserPolicies } from './user-policies.js';

/** The rules of today for a runner, and whose they are; undefined: those of the user who provisioned it without a team. */
export type InForce = {
  policy: LabelPolicy;
  team: Pick<TeamRow, 'id' | 'name' | 'isActive'> | undefined;
};

/** What a runner may be labelled with today, whatever was permitted when it was provisioned. */
@Injectable()
export class PolicyInForce {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    private readonly policies: UserPolicies,
    @Inject(PROVISIONING) private readonly rules: ProvisioningRules,
  ) {}

  /** The team's, or that of the user who provisioned it without one; undefined when the team is not known. */
  async of(runner: { teamId: string | undefined; provisionedBy: string }): Promise<InForce | undefined> {
    const { teamId, provisionedBy } = runner;
    if (teamId === undefined) {
      const own = await this.policies.ofUser(provisionedBy);
      return { policy: policyOf(undefined, own, this.rules), team: undefined };
    }
    const [team] = await this.database.read((em) => findRows<TeamRow>(em, Team, 'id', [teamId]));
    return team && { policy: policyOf(team, undefined, this.rules), team };
  }
}
