import { type Refusal, refused } from '#libs/contracts';
import { labelPattern } from './label-pattern.js';

/** What a caller may put on a runner. `anything` is for callers to whom no policy applies. */
export type LabelPolicy = {
  requiredLabels: readonly string[];
  permits: 'anything' | { patterns: readonly string[] };
};

const OPERATING_SYSTEMS = ['linux', 'windows', 'macos'];
const ARCHITECTURES = ['x64', 'arm', 'arm64'];
const SYSTEM_LABELS = new Set(['self-hosted', ...OPERATING_SYSTEMS, ...ARCHITECTURES]);

/**
 * The labels a JIT runner gets: system, required, requested, in that order. GitHub adds none by itself.
 * `requested` is lower-case and free of repeats.
 */
export const decideJitLabels = (
  requested: readonly string[],
  policy: LabelPolicy,
): readonly string[] | Refusal => {
  const operatingSystems = requested.filter((label) => OPERATING_SYSTEMS.includes(label));
  const architectures = requested.filter((label) => ARCHITECTURES.includes(label));
  for (const several of [operatingSystems, architectures]) {
    if (several.length > 1) return contradiction(several);
  }
  const refusal = refuseUnpermitted(requested, policy);
  if (refusal) return refusal;
  const system = ['self-hosted', operatingSystems[0] ?? 'linux', architectures[0] ?? 'x64'];
  return [...new Set([...system, ...policy.requiredLabels, ...requested])];
};

/** The labels to put into a config.sh command line, which adds the system's own. */
export const decideConfiguredLabels = (
  requested: readonly string[],
  policy: LabelPolicy,
): readonly string[] | Refusal =>
  refuseUnpermitted(requested, policy) ?? [...new Set([...policy.requiredLabels, ...requested])];

const refuseUnpermitted = (requested: readonly string[], policy: LabelPolicy): Refusal | undefined => {
  if (policy.permits === 'anything') return undefined;
  const { patterns } = policy.permits;
  const matchers = patterns.map(labelPattern);
  const permitted = (label: string) =>
    SYSTEM_LABELS.has(label) ||
    policy.requiredLabels.includes(label) ||
    matchers.some((matches) => matches(label));
  const refusedLabels = requested.filter((label) => !permitted(label));
  if (refusedLabels.length === 0) return undefined;
  return refused(
    'label-not-permitted',
    `The policy does not permit ${refusedLabels.join(', ')}. Ask for permitted labels only, or have the policy changed.`,
    { refused_labels: refusedLabels, permitted: patterns },
  );
};

const contradiction = (labels: readonly string[]) =>
  refused('request-invalid', `A runner cannot be ${labels.join(' and ')} at once. Ask for one of them.`, {
    errors: [{ field: 'labels', message: `${labels.join(', ')} exclude each other` }],
  });
