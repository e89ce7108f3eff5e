import { Inject, Injectable } from '@nestjs/common';
import { unpermittedLabels } from '../label-policy/label-policy.decider.js';
import { PolicyInForce } from '../label-policy/policy-in-force.js';
import { PROVISIONING } from '../provisioner.tokens.js';
import type { ProvisioningConfig } from './provisioning-config.js';
import { isKnown, type RunnerState } from './runner.state.js';
import type { OutsidePolicy } from './runner-workflow-job.decider.js';

/** Whether the labels a job's runner has, asked for or changed at GitHub, are within the policy of today. */
@Injectable()
export class JudgeJob {
  constructor(
    @Inject(PolicyInForce) private readonly policies: Pick<PolicyInForce, 'of'>,
    @Inject(PROVISIONING) private readonly config: Pick<ProvisioningConfig, 'labelPolicyEnforcement'>,
  ) {}

  /** Undefined: nothing speaks against the job, or it has been judged before. */
  async on(runner: RunnerState, jobId: number): Promise<OutsidePolicy | undefined> {
    if (!isKnown(runner) || runner.jobs.has(jobId)) return undefined;
    const inForce = await this.policies.of(runner);
    if (inForce === undefined) return undefined;
    const labels = new Set(
      [...runner.labels, ...(runner.driftedTo ?? [])].map((label) => label.toLowerCase()),
    );
    const refusedLabels = unpermittedLabels([...labels], inForce.policy);
    const cancelRun = this.config.labelPolicyEnforcement === 'enforce';
    return refusedLabels.length === 0 ? undefined : { refusedLabels, cancelRun };
  }
}
