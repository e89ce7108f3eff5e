import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { Database } from '../store/database.js';

export type TokenClaims = Readonly<Record<string, unknown>>;

/** Tokens of the runner service: JWTs that only the service itself checks, so they need no state. */
export class ServiceTokens {
  private readonly secret: Buffer;

  constructor(
    database: Database,
    private readonly clock: Clock,
  ) {
    const secrets = database.collection<{ hex: string }>('service-token-secret', () => 'only');
    const { hex } = secrets.get('only') ?? secrets.put({ hex: randomBytes(32).toString('hex') });
    this.secret = Buffer.from(hex, 'hex');
  }

  mint(claims: TokenClaims, lifeSeconds: number): string {
    const now = this.clock.seconds();
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ typ: 'JWT', alg: 'HS256' })}.${part({
      ...claims,
      jti: randomUUID(),
      nbf: now,
      exp: now + lifeSeconds,
    })}`;
    return `${signed}.${this.signature(signed).toString('base64url')}`;
  }

  /** The claims of an `Authorization: Bearer` header, or undefined for anything not valid now. */
  read(authorization: string | undefined): TokenClaims | undefined {
    const [, header, payload, signature] =
      /^bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization ?? '') ?? [];
    if (!header || !payload || !signature) return undefined;
    const wanted = this.signature(`${header}.${payload}`);
    const given = Buffer.from(signature, 'base64url');
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
    const claims: TokenClaims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return Number(claims.exp) > this.clock.seconds() ? claims : undefined;
  }

  private signature(text: string): Buffer {
    return createHmac('sha256', this.secret).update(text).digest();
  }
}
