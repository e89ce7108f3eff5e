import { isDeepStrictEqual } from 'node:util';
import { ExtractJwt, type Strategy } from 'passport-jwt';
import { type Caller, Problem } from '#libs/contracts';
import { bearerProblem } from './bearer-problem.js';
import { issuerStrategy, type Presented } from './issuer.strategy.js';
import type { NetworkAccess } from './network-access.js';
import { SigningKeys } from './signing-keys.js';
import { type Claims, unverifiedToken } from './token-claims.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** What came of a token. The claims of one that is not valid are what it says, and nobody vouches for them. */
export type Verification =
  | { valid: true; caller: Caller; claims: Claims }
  | { valid: false; problem: Problem; claims: Claims };

export type TokenVerifierOptions = {
  access: NetworkAccess;
  /** Trusted always; wins over a provider of the same issuer. */
  environment: TrustedIssuer | undefined;
  /** A token came from an issuer that is not known: the last chance to call `trust` before it is refused. */
  onUnknownIssuer: () => Promise<void>;
  /** Milliseconds since 1970, for the age of keys. */
  now?: () => number;
};

type Known = { trusted: TrustedIssuer; keys: SigningKeys; strategy: Strategy };

/** Checks bearer tokens of several issuers, each by its own rules. */
export class TokenVerifier {
  private known: ReadonlyMap<string, Known> = new Map();

  constructor(private readonly options: TokenVerifierOptions) {
    this.trust([]);
  }

  /** Replaces all trusted issuers but the environment's. What has not changed keeps its keys. */
  trust(issuers: readonly TrustedIssuer[]): void {
    const { environment } = this.options;
    const trusted = [...issuers, ...(environment ? [environment] : [])];
    this.known = new Map(trusted.map((each) => [each.issuer, this.knownAs(each)]));
  }

  /** Never throws what is in the token, nor the token. */
  async verify(token: string): Promise<Verification> {
    const { claims } = unverifiedToken(token);
    const issuer = claims.iss;
    try {
      if (typeof issuer !== 'string') throw issuerless();
      if (!this.known.has(issuer)) await this.options.onUnknownIssuer();
      const known = this.known.get(issuer);
      if (!known) throw untrusted();
      return { valid: true, caller: await authenticate(known.strategy, token), claims };
    } catch (error) {
      if (error instanceof Problem) return { valid: false, problem: error, claims };
      throw error;
    }
  }

  private knownAs(trusted: TrustedIssuer): Known {
    const before = this.known.get(trusted.issuer);
    if (before && isDeepStrictEqual(before.trusted, trusted)) return before;
    const { access, now } = this.options;
    const { issuer, jwksUrl } = trusted;
    const keys =
      before?.trusted.jwksUrl === jwksUrl && before
        ? before.keys
        : new SigningKeys({ issuer, jwksUrl, access, now });
    return { trusted, keys, strategy: issuerStrategy(trusted, keys) };
  }
}

/** The token of an `Authorization: Bearer` header. */
export const bearerTokenOf = (request: { headers: { authorization?: string | undefined } }) =>
  ExtractJwt.fromAuthHeaderAsBearerToken()(request as never) ?? undefined;

const authenticate = (strategy: Strategy, token: string): Promise<Caller> =>
  new Promise((resolve, reject) => {
    const presented: Presented = { token };
    // a strategy holds the callbacks of one attempt: with a shared one, callers would be told each other's outcome
    const attempt = Object.assign(Object.create(strategy) as Strategy, {
      success: resolve,
      fail: (info: unknown) => reject(bearerProblem(info)),
      error: reject,
    });
    attempt.authenticate(presented as never);
  });

const issuerless = () =>
  new Problem(
    'token-invalid',
    'The token is no JWT that says who has issued it. Send one of your identity provider.',
  );

const untrusted = () =>
  new Problem('issuer-untrusted', 'The token was issued by somebody this service does not trust.');
