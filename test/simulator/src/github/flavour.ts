/** Which GitHub is played: the one everybody uses, or a GitHub Enterprise Server. */
export type FlavourName = 'github.com' | 'ghes';

/** What differs between the two beyond the defaults of switches. */
export interface Flavour {
  /** Path of the REST API in the addresses that answers and webhooks name. */
  apiPath: '' | '/api/v3';
  /** `x-github-enterprise-version`; absent on github.com. */
  enterpriseVersion?: string;
  /** Where errors say the documentation is. */
  documentation: string;
  /** Accepted as `x-github-api-version`; the first is what is meant without one. */
  apiVersions: readonly string[];
  /** How long deliveries are shown. */
  deliveriesKeptMs: number;
}

const dayMs = 86_400_000;

export const flavours: Readonly<Record<FlavourName, Flavour>> = {
  'github.com': {
    apiPath: '',
    documentation: 'https://docs.github.com/rest',
    apiVersions: ['2022-11-28', '2026-03-10'],
    deliveriesKeptMs: 3 * dayMs,
  },
  ghes: {
    apiPath: '/api/v3',
    enterpriseVersion: '3.19.0',
    documentation: 'https://docs.github.com/enterprise-server@3.19/rest',
    apiVersions: ['2022-11-28'],
    deliveriesKeptMs: 7 * dayMs,
  },
};
