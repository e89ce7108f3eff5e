import { RE2JS } from 're2js';

/** A compiled pattern: answers whether a label matches it in full. */
export type LabelPattern = (label: string) => boolean;

/**
 * RE2 syntax, linear time on any label. The group keeps an alternation inside the anchors: `a|b` must not permit
 * `a-anything`. Labels are lower-case, so patterns are matched without regard to case.
 * @throws when the pattern is not RE2 syntax
 */
export const labelPattern = (pattern: string): LabelPattern => {
  const compiled = RE2JS.compile(`^(?:${pattern})$`, RE2JS.CASE_INSENSITIVE);
  return (label) => compiled.matcher(label).matches();
};
