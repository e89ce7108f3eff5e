import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Caller, callerSchema } from '#libs/contracts';

/** The header in which the gateway tells an app behind it who is asking. */
export const CALLER_PASS_HEADER = 'x-rts-caller';

/** Long enough to cross the machine room, too short to be of use to somebody who finds it. Milliseconds. */
const LIFETIME_MS = 60_000;

const mac = (payload: string, secret: string) => createHmac('sha256', secret).update(payload).digest();

/**
 * `base64url(JSON {caller, expiresAt}).base64url(HMAC-SHA256)`: a verified caller, on the word of whoever holds
 * the secret. `expiresAt` is milliseconds since 1970.
 * @param secret `SERVER_SECRET`
 */
export const signCallerPass = (caller: Caller, secret: string, now = Date.now()): string => {
  const payload = Buffer.from(JSON.stringify({ caller, expiresAt: now + LIFETIME_MS })).toString('base64url');
  return `${payload}.${mac(payload, secret).toString('base64url')}`;
};

/** The caller of a pass that is genuine and has not expired. */
export const readCallerPass = (
  pass: string | undefined,
  secret: string,
  now = Date.now(),
): Caller | undefined => {
  const [payload, signature, ...rest] = (pass ?? '').split('.');
  if (!payload || !signature || rest.length > 0) return undefined;
  const given = Buffer.from(signature, 'base64url');
  const expected = mac(payload, secret);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const { caller, expiresAt } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
    caller: unknown;
    expiresAt: number;
  };
  return expiresAt > now ? callerSchema.parse(caller) : undefined;
};
