import { RE2JS } from 're2js';
import type { Caller, TrustCondition } from '#libs/contracts';

export type Claims = Readonly<Record<string, unknown>>;

/** What a condition may look at: the token's claims, with issuer and subject as they were verified. */
export const claimsOf = ({ claims, issuer, subject }: Caller): Claims => ({
  ...claims,
  iss: issuer,
  sub: subject,
});

/**
 * Whether a token's claim is what the condition says: the same text, or a full match of an RE2 pattern. A list
 * fulfils it when one of its entries does; a claim that is not there fulfils nothing.
 */
export const fulfils = (claims: Claims, { claim, equals, matches }: TrustCondition): boolean => {
  if (!Object.hasOwn(claims, claim)) return false;
  const isRight =
    equals !== undefined
      ? (text: string) => text === equals
      : matches !== undefined
        ? trustPattern(matches)
        : () => false;
  return textsOf(claims[claim]).some(isRight);
};

const textsOf = (value: unknown): string[] => {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((each) =>
    typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? [String(each)] : [],
  );
};

const COMPILED_PATTERNS = 1_000;
const compiled = new Map<string, RE2JS>();

/**
 * RE2 syntax, linear time. The group keeps an alternation inside the anchors.
 * @throws when the pattern is not RE2 syntax
 */
export const trustPattern = (pattern: string): ((text: string) => boolean) => {
  const known = compiled.get(pattern) ?? RE2JS.compile(`^(?:${pattern})$`);
  if (compiled.size < COMPILED_PATTERNS) compiled.set(pattern, known);
  return (text) => known.matcher(text).matches();
};
