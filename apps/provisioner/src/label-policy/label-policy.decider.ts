import {
  ARCHITECTURE_LABELS,
  OPERATING_SYSTEM_LABELS,
  type ProvisioningMethod,
  type Refusal,
  refused,
  SYSTEM_LABELS,
} from '#libs/contracts';
import { labelPattern } from './label-pattern.js';

/** What a caller may put on a runner. `anything` is for callers to whom no policy applies. */
export type LabelPolicy = {
  requiredLabels: readonly string[];
  permits: 'anything' | { patterns: readonly string[] };
};

/** What the runner's labels would be, and every reason why they may not. */
export type LabelAppraisal = { labels: readonly string[]; refusals: readonly Refusal[] };

/**
 * A JIT runner gets system, required and requested labels, in that order, because GitHub adds none by itself; for a
 * config.sh command line the system's are left out, because config.sh adds them.
 * @param requested lower-case and free of repeats
 */
export const appraiseLabels = (
  requested: readonly string[],
  policy: LabelPolicy,
  method: ProvisioningMethod,
): LabelAppraisal => {
  const operatingSystems = requested.filter((label) => OPERATING_SYSTEM_LABELS.includes(label));
  const architectures = requested.filter((label) => ARCHITECTURE_LABELS.includes(label));
  const system =
    method === 'jit' ? ['self-hosted', operatingSystems[0] ?? 'linux', architectures[0] ?? 'x64'] : [];
  const refusals = [
    contradiction(operatingSystems),
    contradiction(architectures),
    refuseUnpermitted(requested, policy),
  ];
  return {
    labels: [...new Set([...system, ...policy.requiredLabels, ...requested])],
    refusals: refusals.filter((refusal) => refusal !== undefined),
  };
};

/** Those of the labels that are neither the system's, nor required, nor match a pattern in full. */
export const unpermittedLabels = (labels: readonly string[], policy: LabelPolicy): string[] => {
  if (policy.permits === 'anything') return [];
  const matchers = policy.permits.patterns.map(labelPattern);
  const permitted = (label: string) =>
    SYSTEM_LABELS.includes(label) ||
    policy.requiredLabels.includes(label) ||
    matchers.some((matches) => matches(label));
  return labels.filter((label) => !permitted(label));
};

/** Undefined: all of them are permitted. */
export const refuseUnpermitted = (requested: readonly string[], policy: LabelPolicy): Refusal | undefined => {
  const refusedLabels = unpermittedLabels(requested, policy);
  if (policy.permits === 'anything' || refusedLabels.length === 0) return undefined;
  return refused(
    'label-not-permitted',
    `The policy does not permit ${refusedLabels.join(', ')}. Ask for permitted labels only, or have the policy changed.`,
    { refused_labels: refusedLabels, permitted: policy.permits.patterns },
  );
};

const contradiction = (labels: readonly string[]): Refusal | undefined =>
  labels.length < 2
    ? undefined
    : refused('request-invalid', `A runner cannot be ${labels.join(' and ')} at once. Ask for one of them.`, {
        errors: [{ field: 'labels', message: `${labels.join(', ')} exclude each other` }],
      });
