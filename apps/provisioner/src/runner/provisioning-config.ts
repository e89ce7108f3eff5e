import type { Scope } from '#libs/contracts';
import type { ProvisioningRules } from './plan-provisioning.js';

export type ProvisioningConfig = ProvisioningRules & {
  scope: Scope;
  installationId: number;
  /** How long a runner with a JIT config may take to connect. */
  jitConfigTtlSeconds: number;
};
