import type { LabelDriftAction, Scope } from '#libs/contracts';
import type { ProvisioningRules } from './plan-provisioning.js';

export type ProvisioningConfig = ProvisioningRules & {
  scope: Scope;
  installationId: number;
  /** How long a runner with a JIT config may take to connect. */
  jitConfigTtlSeconds: number;
  /** A runner that has been offline for longer is deleted. */
  staleAfterHours: number;
  /** What becomes of a job on a runner whose labels the policy does not permit any more. */
  labelPolicyEnforcement: 'audit' | 'enforce';
  labelDrift: {
    action: LabelDriftAction;
    /** Busy runners too: their workflow run is cancelled first. */
    deleteBusyRunners: boolean;
  };
};
