import * as oidc from 'openid-client';
import { type Caller, callerSchema, Problem } from '#libs/contracts';

export type SignInOptions = {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  /** `<public url>/dashboard/callback`, as registered at the issuer. */
  redirectUri: string;
  /** Plain http, for a development issuer on this machine. */
  allowHttp: boolean;
};

/** What has to be remembered between leaving for the issuer and coming back. */
export type SignInAttempt = { state: string; nonce: string; codeVerifier: string };

/** Authorization code with PKCE (RFC 7636) against the environment's issuer. */
export class SignIn {
  private configuration: Promise<oidc.Configuration> | undefined;

  constructor(private readonly options: SignInOptions) {}

  async begin(): Promise<{ location: string; attempt: SignInAttempt }> {
    const configuration = await this.discovered();
    const attempt = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
    const url = oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.options.redirectUri,
      scope: 'openid email profile',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
    });
    return { location: url.href, attempt };
  }

  /** `query` = what the issuer sent the browser back with. @throws Problem `token-invalid` */
  async finish(query: string, { state, nonce, codeVerifier }: SignInAttempt): Promise<Caller> {
    const configuration = await this.discovered();
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        new URL(`${this.options.redirectUri}?${query}`),
        {
          pkceCodeVerifier: codeVerifier,
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
        },
      );
      const {
        iss,
        sub,
        email,
        email_verified: emailVerified,
      } = tokens.claims() ?? ({} as Record<string, unknown>);
      return callerSchema.parse({
        issuer: iss,
        subject: sub,
        ...(typeof email === 'string' ? { email: email.toLowerCase() } : {}),
        emailVerified: emailVerified === true,
      });
    } catch (cause) {
      throw new Problem(
        'token-invalid',
        'The sign-in could not be completed. Start again at /dashboard/login.',
        { cause },
      );
    }
  }

  private discovered(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecret, allowHttp } = this.options;
    this.configuration ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        timeout: 5,
        ...(allowHttp ? { execute: [oidc.allowInsecureRequests] } : {}),
      })
      .catch((cause: unknown) => {
        this.configuration = undefined;
        throw new Problem(
          'identity-provider-unavailable',
          'The issuer cannot be reached just now. Try again shortly.',
          {
            retryAfterSeconds: 5,
            cause,
          },
        );
      });
    return this.configuration;
  }
}
