import {
  type Claims,
  fulfils,
  type IdentityProviderRow,
  type TeamRow,
  type TrustRuleRow,
} from '#libs/access';
import type { ReplyOf, RequestOf, subjects, TrustCondition } from '#libs/contracts';

type Test = RequestOf<typeof subjects.testTrustRule>;
type Explanation = ReplyOf<typeof subjects.testTrustRule>;
type Reason = Explanation['reasons'][number];

const SHOWN_CHARACTERS = 200;

/**
 * Whether a token would act by a rule now: first the token, then each condition, then what else stands in the way.
 */
export const explainTrustRule = (
  { verification, claims }: Pick<Test, 'verification' | 'claims'>,
  rule: TrustRuleRow,
  provider: IdentityProviderRow | null,
  team: TeamRow | null,
): Explanation => {
  const reasons = [
    aboutToken(verification, claims, provider),
    ...rule.conditions.map((condition) => aboutCondition(claims, condition)),
    ...obstacle('rule', rule.isActive, 'This rule is deactivated.'),
    ...obstacle('team', team?.isActive, 'The team of this rule is deactivated.'),
  ];
  return { matches: reasons.every(({ fulfilled }) => fulfilled), reasons };
};

const aboutToken = (
  { valid, detail = 'The token is not valid.' }: Test['verification'],
  { iss }: Claims,
  provider: IdentityProviderRow | null,
): Reason => {
  const claim = 'token';
  if (!provider?.isActive)
    return {
      claim,
      fulfilled: false,
      detail: 'The identity provider of this rule is deactivated or removed.',
    };
  const { issuer } = provider;
  if (iss !== issuer)
    return { claim, fulfilled: false, detail: `iss ${shown(iss)}; this rule is about ${issuer}.` };
  return valid
    ? { claim, fulfilled: true, detail: 'Signature, issuer, audience and times are right.' }
    : { claim, fulfilled: false, detail };
};

const aboutCondition = (claims: Claims, condition: TrustCondition): Reason => {
  const { claim, equals, matches } = condition;
  const wanted = equals === undefined ? `match ${matches} in full` : `equal ${equals}`;
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return {
    claim,
    fulfilled: fulfils(claims, condition),
    detail: `${claim} ${shown(value)}; it must ${wanted}.`,
  };
};

const obstacle = (claim: string, isActive: boolean | undefined, detail: string): Reason[] =>
  isActive ? [] : [{ claim, fulfilled: false, detail }];

const shown = (value: unknown): string => {
  if (value === undefined) return 'is not in the token, or no text, number, truth value or list of them';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `is ${text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text}`;
};
