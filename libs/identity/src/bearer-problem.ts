import { Problem } from '#libs/contracts';

/** What passport-jwt found wrong with a bearer token, in our words. */
export const bearerProblem = (info: unknown): Problem => {
  if (info instanceof Problem) return info;
  const { name, message = '' } = (info ?? {}) as { name?: string; message?: string };
  if (name === 'TokenExpiredError')
    return new Problem('token-expired', 'The token has expired. Get a new one.');
  const [, reason = 'is not valid'] = reasons.find(([begin]) => message.startsWith(begin)) ?? [];
  return new Problem('token-invalid', `The token ${reason}. Get a new one from your identity provider.`);
};

/** jsonwebtoken's messages, by how they begin. */
const reasons = [
  ['jwt audience invalid', 'is meant for another audience'],
  ['jwt not active', 'is not valid yet (claim nbf)'],
  ['invalid signature', 'is not signed by the key it names'],
] as const;
