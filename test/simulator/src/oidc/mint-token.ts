import { randomUUID } from 'node:crypto';
import { importJWK, type JWK, SignJWT } from 'jose';
import { z } from 'zod';

export const tokenOrderSchema = z.strictObject({
  sub: z.string().min(1),
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
  /** Default: the audience the simulator was started with. */
  audience: z.union([z.string(), z.array(z.string())]).optional(),
  /** Seconds; negative makes an expired token. */
  expires_in: z.number().int().default(3600),
  /** Any other claims; these win over all others, so a test can spoil whatever it likes. */
  claims: z.record(z.string(), z.unknown()).default({}),
});

/** What a test asks for; `expires_in` and `claims` may be left out. */
export type TokenOrder = z.input<typeof tokenOrderSchema>;

/** An access token just as the issuer would sign it after a login, without the login. */
export async function mintToken(
  order: TokenOrder,
  signing: { key: JWK; issuer: string; audience: string },
): Promise<string> {
  const { sub, email, email_verified, name, audience, expires_in, claims } = tokenOrderSchema.parse(order);
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: signing.issuer,
    sub,
    aud: audience ?? signing.audience,
    iat: Math.min(now, now + expires_in),
    exp: now + expires_in,
    jti: randomUUID(),
    email,
    email_verified: email_verified ?? (email === undefined ? undefined : true),
    name,
    ...claims,
  };
  return new SignJWT(JSON.parse(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: signing.key.kid ?? '' })
    .sign(await importJWK(signing.key, 'RS256'));
}
