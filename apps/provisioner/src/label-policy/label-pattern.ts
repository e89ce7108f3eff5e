import { RE2JS } from 're2js';
import { Problem } from '#libs/contracts';

/** A compiled pattern: answers whether a label matches it in full. */
export type LabelPattern = (label: string) => boolean;

const COMPILED_PATTERNS = 5_000;
const compiled = new Map<string, RE2JS>();

/**
 * RE2 syntax, linear time on any label. The group keeps an alternation inside the anchors: `a|b` must not permit
 * `a-anything`. Labels are lower-case, so patterns are matched without regard to case.
 * @throws when the pattern is not RE2 syntax
 */
export const labelPattern = (pattern: string): LabelPattern => {
  const known = compiled.get(pattern) ?? compile(pattern);
  if (compiled.size < COMPILED_PATTERNS) compiled.set(pattern, known);
  return (label) => known.matcher(label).matches();
};

/** Alone first: `a)|(b` would only be a pattern inside the group. */
const compile = (pattern: string): RE2JS => {
  RE2JS.compile(pattern);
  return RE2JS.compile(`^(?:${pattern})$`, RE2JS.CASE_INSENSITIVE);
};

/**
 * To be called before patterns are saved.
 * @param field how the caller calls the list
 * @throws Problem `pattern-invalid` naming each pattern that cannot be used
 */
export const checkLabelPatterns = (patterns: readonly string[], field: string): void => {
  const errors = patterns.flatMap((pattern, index) => {
    const fault = faultIn(pattern);
    return fault === undefined ? [] : [{ field: `${field}.${index}`, message: `${pattern}: ${fault}` }];
  });
  if (errors.length === 0) return;
  throw new Problem(
    'pattern-invalid',
    'Patterns are RE2 syntax: no look-around, no back references. Mend those named in errors.',
    { members: { errors } },
  );
};

const faultIn = (pattern: string): string | undefined => {
  try {
    labelPattern(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace('error parsing regexp: ', '') : String(error);
  }
};
