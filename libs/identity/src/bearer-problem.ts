import { Problem } from '#libs/contracts';

/** What passport found wrong with a bearer token, in our words. */
export const bearerProblem = (error: unknown, info: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (info instanceof Problem) return info;
  const { name, message } = (info ?? error ?? {}) as { name?: string; message?: string };
  if (name === 'TokenExpiredError')
    return new Problem('token-expired', 'The token has expired. Get a new one.');
  if (message === 'No auth token') {
    return new Problem(
      'token-missing',
      'Send "Authorization: Bearer <token>" with a token of your identity provider.',
    );
  }
  const reason = message?.startsWith('jwt audience invalid')
    ? 'is meant for another audience'
    : 'is not valid';
  return new Problem('token-invalid', `The token ${reason}. Get a new one from your identity provider.`);
};
