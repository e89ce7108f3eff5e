import type { LabelDriftAction, Scope } from '#libs/contracts';
import type { ProvisioningRules } from './plan-provisioning.js';

export type ProvisioningConfig = ProvisioningRules & {
  scope: Scope;
  installationId: number;
  /** How long a runner with a JIT config may take to connect. */
  jitConfigTtlSeconds: number;
  labelDrift: {
    action: LabelDriftAction;
    /** Busy runners too: their workflow run is cancelled first. */
    deleteBusyRunners: boolean;
  };
};
