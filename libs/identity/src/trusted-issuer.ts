import type { TrustedIssuers } from '#libs/contracts';

/** One issuer whose tokens are trusted, and how they are checked and read. */
export type TrustedIssuer = TrustedIssuers['issuers'][number];
