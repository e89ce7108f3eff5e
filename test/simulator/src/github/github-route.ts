import type { Access, Caller } from './caller.js';
import type { FlavourName } from './flavour.js';
import type { RateLimitResource } from './rate-limit.js';

/** A request as a route sees it: authenticated, counted, its body parsed. */
export interface GitHubRequest {
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON; undefined when nothing was sent. */
  body: unknown;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  caller: Caller;
  /** The address that was asked, without its query: what `Link` headers repeat. */
  url: string;
}

export interface GitHubAnswer {
  status: number;
  /** JSON value; absent for an empty answer. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface GitHubRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Fastify path below the API's base. */
  path: string;
  /** GitHub's operation id; counters, latencies and failures go by it. */
  operation: string;
  /** Path of the documentation page below `https://docs.github.com/rest`. */
  docs: string;
  access: Access;
  /** Needed permission of the installation, e.g. `organization_self_hosted_runners=write`. */
  permission?: string;
  /** The one GitHub that has it; absent: both. */
  onlyAt?: FlavourName;
  /** False: costs nothing from the rate limit. */
  counted?: boolean;
  /** Whose budget the call is taken from; default `core`. */
  resource?: RateLimitResource;
  handle(request: GitHubRequest): GitHubAnswer | Promise<GitHubAnswer>;
}

export const ok = (body: unknown, headers?: Record<string, string>): GitHubAnswer =>
  headers ? { status: 200, body, headers } : { status: 200, body };

export const created = (body: unknown): GitHubAnswer => ({ status: 201, body });

export const noContent = (): GitHubAnswer => ({ status: 204 });
