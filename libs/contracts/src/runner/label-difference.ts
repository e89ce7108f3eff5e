import { SYSTEM_LABELS } from '../label-policy/system-labels.js';

export type LabelDifference = { missing: string[]; unexpected: string[] };

/** A runner's labels without those GitHub adds itself: lower-case, sorted, without repeats. */
export const ownLabels = (labels: readonly string[]): string[] => {
  const own = labels.map((label) => label.toLowerCase()).filter((label) => !SYSTEM_LABELS.includes(label));
  return [...new Set(own)].sort();
};

/** How the labels GitHub shows differ from those that were asked for; undefined = not at all. */
export const labelDifference = (
  expected: readonly string[],
  observed: readonly string[],
): LabelDifference | undefined => {
  const wanted = ownLabels(expected);
  const shown = ownLabels(observed);
  const missing = wanted.filter((label) => !shown.includes(label));
  const unexpected = shown.filter((label) => !wanted.includes(label));
  return missing.length + unexpected.length === 0 ? undefined : { missing, unexpected };
};
