import { trustPattern } from '#libs/access';
import { type Refusal, refused, type TrustCondition } from '#libs/contracts';
import { literalPrefix } from './literal-prefix.js';
import { scopeFault } from './subject-scope.js';

type Fault = { field: string; message: string };

/** The refusal of conditions that cannot be used, or fit tokens of more than the issuer's one tenant. */
export const refuseConditions = (
  conditions: readonly TrustCondition[],
  issuer: string,
): Refusal | undefined => {
  const faults = conditions.flatMap(patternFaults);
  if (faults.length === 0) faults.push(...subjectFaults(conditions, issuer));
  if (faults.length === 0) return undefined;
  return refused(
    'pattern-invalid',
    'Patterns are RE2 syntax, and one condition on sub must begin with literal text. Mend what is named in errors.',
    { errors: faults },
  );
};

const patternFaults = ({ matches }: TrustCondition, index: number): Fault[] => {
  if (matches === undefined) return [];
  try {
    // alone, because `a)|(b` is a pattern only where it is used; where it is used, because `\Qa` is one only alone
    literalPrefix(matches);
    trustPattern(matches);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ field: `conditions.${index}.matches`, message }];
  }
};

/** All conditions must be fulfilled, so it is enough that one of them is narrow. */
const subjectFaults = (conditions: readonly TrustCondition[], issuer: string): Fault[] => {
  const onSubject = conditions.flatMap(({ claim, equals, matches = '' }, index) => {
    if (claim !== 'sub') return [];
    const member = equals === undefined ? 'matches' : 'equals';
    const message = scopeFault(equals ?? literalPrefix(matches), issuer);
    return [{ field: `conditions.${index}.${member}`, message }];
  });
  if (onSubject.length === 0) return [{ field: 'conditions', message: 'needs a condition on the claim sub' }];
  const faults = onSubject.flatMap(({ field, message }) => (message ? [{ field, message }] : []));
  return faults.length < onSubject.length ? [] : faults;
};
