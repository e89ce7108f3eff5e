/** The claims a person has; the login name decides everything. */
export interface AccountClaims {
  sub: string;
  email: string;
  email_verified: boolean;
  name: string;
}

/** Any login name is a person: `ada` has the address `ada@example.test`, `ada@b.test` has her own. */
export const accountOf = (login: string): AccountClaims => ({
  sub: login,
  email: login.includes('@') ? login : `${login}@example.test`,
  email_verified: true,
  name: login.split('@')[0] ?? login,
});
