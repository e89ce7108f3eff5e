import { CallLimiter } from './call-limiter.js';
import type { Github } from './github.port.js';
import type { GithubLog } from './github-log.js';
import { Installation } from './installation.js';
import { InstallationToken } from './installation-token.js';
import { type AppCredentials, installationTokenMint } from './mint-installation-token.js';
import { OctokitGithub } from './octokit.github.js';
import { octokitAt, withoutTrailingSlash } from './octokit-defaults.js';
import type { OnCall } from './on-call.js';
import { OrganisationVisibility } from './organisation-visibility.js';
import { InMemoryPageCache, type PageCache } from './page-cache.js';
import { RateLimits } from './rate-limits.js';

export type GithubOptions = AppCredentials & {
  /** `https://api.github.com`, `https://HOST/api/v3`. */
  apiUrl: string;
  /** `https://github.com`, `https://HOST`. */
  webUrl: string;
  /** Login of the organisation. */
  org: string;
  log: GithubLog;
  onCall?: OnCall;
  /** Where the pages of `listRunners` are kept. Default: in memory. */
  pages?: PageCache;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
  /**
   * Requests to the installation at a time, of which polling may have half. Default 64; GitHub tolerates 100, those
   * of all processes together.
   */
  maxInFlight?: number;
  /** Default 30,000: a caller of the API is promised an answer within 35 seconds. */
  jitConfigTimeoutMs?: number;
  /** Of every other call, and of each page of a listing. Default 10,000. */
  timeoutMs?: number;
};

/**
 * The organisation's self-hosted runners at GitHub, through an installation of the App. Throws at once when the
 * private key cannot be read; sends nothing before the first call. One per process: token, limits and budget are
 * the installation's.
 */
export const createGithub = (options: GithubOptions): Github => {
  const { org, log, onCall = () => {}, now = Date.now } = options;
  const apiUrl = withoutTrailingSlash(options.apiUrl);
  // requests go out by the global fetch: it keeps connections alive, and opens as many as are in flight
  const OctokitHere = octokitAt(apiUrl, log);
  const limits = new RateLimits(now);
  const mint = installationTokenMint(options, { Octokit: OctokitHere, limits, log, onCall, now });
  const installation = new Installation({
    octokit: new OctokitHere(),
    token: new InstallationToken(mint, now, log),
    limiter: new CallLimiter(options.maxInFlight ?? 64),
    limits,
    onCall,
  });
  return new OctokitGithub({
    installation,
    visibility: new OrganisationVisibility(installation, org, now),
    limits,
    pages: options.pages ?? new InMemoryPageCache(),
    org,
    githubUrl: `${withoutTrailingSlash(options.webUrl)}/${org}`,
    listUrl: `${apiUrl}/orgs/${org}/actions/runners`,
    timeoutMs: options.timeoutMs ?? 10_000,
    jitConfigTimeoutMs: options.jitConfigTimeoutMs ?? 30_000,
  });
};
