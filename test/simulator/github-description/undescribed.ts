import type { JsonSchema } from './description.js';

/** An answer that GitHub gives and its description does not know. */
interface UndescribedAnswer {
  status: number;
  /** Operation ids, or `*` for any. */
  operations: readonly string[] | '*';
  /** Schema of the body; absent: there is none. */
  schema?: string;
  reason: string;
}

/** What the simulator answers beyond the description. Where the description has the status, it decides. */
export const undescribedAnswers: readonly UndescribedAnswer[] = [
  {
    status: 304,
    operations: '*',
    reason: 'every GET may be conditional; the description says so for few',
  },
  {
    status: 400,
    operations: '*',
    schema: 'basic-error',
    reason: 'a body that is no JSON, or a version of the API that does not exist',
  },
  { status: 401, operations: '*', schema: 'basic-error', reason: 'any call may come without a valid token' },
  {
    status: 403,
    operations: '*',
    schema: 'basic-error',
    reason: 'a missing permission, a used-up limit or an absent User-Agent, at any call',
  },
  { status: 429, operations: '*', schema: 'basic-error', reason: 'the other spelling of a used-up limit' },
  ...[500, 502, 503, 504].map((status) => ({
    status,
    operations: '*' as const,
    schema: 'basic-error',
    reason: 'trouble at GitHub, at any call',
  })),
  {
    status: 404,
    operations: '*',
    schema: 'basic-error',
    reason: 'what a token cannot see, or what is gone, is not found; said of no runner, job or group',
  },
  {
    status: 422,
    operations: [
      'apps/update-webhook-config-for-app',
      'actions/create-self-hosted-runner-group-for-org',
      'actions/update-self-hosted-runner-group-for-org',
      'actions/delete-self-hosted-runner-group-from-org',
      'actions/set-repo-access-to-self-hosted-runner-group-in-org',
      'actions/add-repo-access-to-self-hosted-runner-group-in-org',
      'actions/remove-repo-access-to-self-hosted-runner-group-in-org',
      'actions/set-self-hosted-runners-in-group-for-org',
      'actions/add-self-hosted-runner-to-group-for-org',
      'actions/remove-self-hosted-runner-from-group-for-org',
    ],
    schema: 'validation-error-simple',
    reason: 'values that do not fit, or a default group that must stay',
  },
  {
    status: 409,
    operations: [
      'actions/create-self-hosted-runner-group-for-org',
      'actions/update-self-hosted-runner-group-for-org',
    ],
    schema: 'basic-error',
    reason: 'a name that is taken',
  },
  {
    status: 409,
    operations: [
      'actions/set-repo-access-to-self-hosted-runner-group-in-org',
      'actions/add-repo-access-to-self-hosted-runner-group-in-org',
      'actions/remove-repo-access-to-self-hosted-runner-group-in-org',
    ],
    schema: 'basic-error',
    reason: 'a group that is not restricted to selected repositories',
  },
];

/** Calls that only the runner program makes while it registers itself; GitHub describes them nowhere. */
export const undescribedOperations: Readonly<Record<string, string>> = {
  'runner-registration': 'exchanges a registration token for one of the runner service',
  'runners/register': 'registers the runner with its public key',
};

/** Events that no webhook schema knows. */
export const undescribedEvents: Readonly<Record<string, string>> = {
  self_hosted_runner: 'not an event of GitHub: sent only when a switch asks for it',
};

/** A success that is described otherwise than GitHub gives it. */
interface Misdescription {
  operation: string;
  reason: string;
  /** The one version of the API it is about; absent: every one. */
  version?: string;
  schema: JsonSchema;
}

export const misdescriptions: readonly Misdescription[] = [
  {
    operation: 'apps/list-installations',
    reason: 'as of GitHub Enterprise Server 3.9: an account would be a person and an enterprise at once',
    schema: { type: 'array', items: { $ref: '#/components/schemas/installation' } },
  },
  {
    operation: 'rate-limit/get',
    version: '2026-03-10',
    reason: 'this version dropped `rate`, the description is of the one before',
    schema: {
      type: 'object',
      required: ['resources'],
      properties: { resources: { $ref: '#/components/schemas/rate-limit-overview/properties/resources' } },
    },
  },
];

/** Operations that are described with the wrong page of the documentation. */
export const misplacedPages: Readonly<Record<string, string>> = {
  'apps/list-installations': 'the page of GitHub Enterprise Server 3.9, in every description',
};
