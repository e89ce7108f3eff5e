import { z } from 'zod';

/** What sort of refusal a problem is. Only the HTTP edge knows which status that means. */
export type ProblemKind =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-large'
  | 'invalid'
  | 'exhausted'
  | 'internal'
  | 'refused-upstream'
  | 'unavailable'
  | 'timeout';

/**
 * Every code a caller can meet, with its kind and its RFC 9457 `title`. Codes are a promise: scripts switch
 * on them. Each has a page in `docs/problems/`.
 */
export const problemCodes = {
  'body-not-json': { kind: 'malformed', title: 'The body is not JSON' },
  'token-missing': { kind: 'unauthenticated', title: 'A bearer token is needed' },
  'token-invalid': { kind: 'unauthenticated', title: 'The bearer token is not valid' },
  'token-expired': { kind: 'unauthenticated', title: 'The bearer token has expired' },
  'issuer-untrusted': {
    kind: 'unauthenticated',
    title: 'The token comes from an issuer that is not trusted',
  },
  'webhook-signature-invalid': { kind: 'unauthenticated', title: 'The webhook signature does not match' },
  'user-not-authorized': { kind: 'forbidden', title: 'This identity is not a user of the service' },
  'user-deactivated': { kind: 'forbidden', title: 'This user has been deactivated' },
  'machine-client-refused': { kind: 'forbidden', title: 'This machine client may not do this' },
  'admin-required': { kind: 'forbidden', title: 'Only an administrator may do this' },
  'jit-not-permitted': { kind: 'forbidden', title: 'This user may not provision with JIT configs' },
  'registration-token-not-permitted': {
    kind: 'forbidden',
    title: 'This user may not provision with registration tokens',
  },
  'label-not-permitted': { kind: 'forbidden', title: 'A label is outside the policy' },
  'runner-group-not-permitted': { kind: 'forbidden', title: 'The runner group is not open to this caller' },
  'team-not-permitted': { kind: 'forbidden', title: 'The caller is not a member of this team' },
  'team-deactivated': { kind: 'forbidden', title: 'This team has been deactivated' },
  'runner-unknown': { kind: 'not-found', title: 'There is no such runner' },
  'team-unknown': { kind: 'not-found', title: 'There is no such team' },
  'user-unknown': { kind: 'not-found', title: 'There is no such user' },
  'member-unknown': { kind: 'not-found', title: 'This user is not a member of the team' },
  'machine-client-unknown': { kind: 'not-found', title: 'There is no such machine client' },
  'label-policy-unknown': { kind: 'not-found', title: 'This user has no label policy' },
  'identity-provider-unknown': { kind: 'not-found', title: 'There is no such identity provider' },
  'trust-rule-unknown': { kind: 'not-found', title: 'There is no such trust rule' },
  'operation-unknown': { kind: 'not-found', title: 'There is no such operation' },
  'route-unknown': { kind: 'not-found', title: 'There is no such route' },
  'runner-name-taken': { kind: 'conflict', title: 'A runner of this name exists' },
  'runner-busy': { kind: 'conflict', title: 'The runner is running a job' },
  'provisioning-in-progress': {
    kind: 'conflict',
    title: 'The runner is still being provisioned',
  },
  'jit-config-spent': { kind: 'conflict', title: 'The JIT config has been used or has expired' },
  'already-deleted': { kind: 'conflict', title: 'The runner is deleted already' },
  'already-exists': { kind: 'conflict', title: 'There is one already' },
  'already-active': { kind: 'conflict', title: 'It is active already' },
  'already-inactive': { kind: 'conflict', title: 'It is deactivated already' },
  'last-admin': { kind: 'conflict', title: 'The last active administrator stays' },
  'body-too-large': { kind: 'too-large', title: 'The body is too large' },
  'request-invalid': { kind: 'invalid', title: 'The request is not valid' },
  'team-required': { kind: 'invalid', title: 'The caller has several teams: name one' },
  'idempotency-key-reused': {
    kind: 'invalid',
    title: 'The idempotency key belongs to another request',
  },
  'pattern-invalid': { kind: 'invalid', title: 'A pattern cannot be used' },
  'runner-group-unknown': { kind: 'invalid', title: 'GitHub knows no such runner group' },
  'runner-quota-reached': { kind: 'exhausted', title: 'The runner quota is used up' },
  'rate-limited': { kind: 'exhausted', title: 'Too many requests' },
  unexpected: { kind: 'internal', title: 'Something went wrong here' },
  'github-refused': { kind: 'refused-upstream', title: 'GitHub refused the request' },
  'github-unavailable': { kind: 'unavailable', title: 'GitHub cannot be reached or answers with errors' },
  'github-rate-limited': { kind: 'unavailable', title: "GitHub's rate limit is used up" },
  'event-store-unavailable': { kind: 'unavailable', title: 'The event store cannot be reached' },
  'identity-provider-unavailable': { kind: 'unavailable', title: "The issuer's keys cannot be fetched" },
  'service-unavailable': { kind: 'unavailable', title: 'A part of the service is not available' },
  'webhook-secret-missing': { kind: 'unavailable', title: 'No webhook secret is configured' },
  'github-timeout': { kind: 'timeout', title: 'GitHub did not answer in time' },
} as const satisfies Record<string, { kind: ProblemKind; title: string }>;

export type ProblemCode = keyof typeof problemCodes;

const isProblemCode = (code: string): code is ProblemCode => code in problemCodes;

/** A problem as it crosses the bus. */
export const problemDataSchema = z.object({
  code: z.string().refine(isProblemCode, 'unknown problem code'),
  /** What happened and what to do next; free of secrets and of upstream bodies. */
  detail: z.string(),
  /** The code's own members, in the snake_case of the HTTP body. */
  members: z.record(z.string(), z.unknown()).default({}),
  /** Seconds after which asking again makes sense. */
  retryAfterSeconds: z.number().int().positive().optional(),
});

export type ProblemData = z.infer<typeof problemDataSchema>;

export type ProblemExtras = {
  members?: Record<string, unknown>;
  retryAfterSeconds?: number;
  /** What was really behind it: for the log, never for the caller. */
  cause?: unknown;
};

/** A refusal or failure the caller can understand and act on. Anything else thrown becomes `unexpected`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly members: Record<string, unknown>;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ProblemCode,
    detail: string,
    { members = {}, retryAfterSeconds, cause }: ProblemExtras = {},
  ) {
    super(detail, { cause });
    this.name = 'Problem';
    this.code = code;
    this.members = members;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get kind(): ProblemKind {
    return problemCodes[this.code].kind;
  }

  get title(): string {
    return problemCodes[this.code].title;
  }

  toData(): ProblemData {
    return {
      code: this.code,
      detail: this.message,
      members: this.members,
      ...(this.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: this.retryAfterSeconds }),
    };
  }

  static fromData({ code, detail, members, retryAfterSeconds }: ProblemData): Problem {
    return new Problem(code, detail, {
      members,
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    });
  }
}
