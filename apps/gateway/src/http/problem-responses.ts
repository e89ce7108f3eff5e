import { z } from 'zod';
import { type ProblemCode, problemCodes } from '#libs/contracts';
import { statusOf } from '#libs/runtime';

/** `application/problem+json`, RFC 9457; codes add members of their own. */
const problemSchema = z.looseObject({
  type: z.url().describe('The page that says what to do'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What happened and what to do next'),
  instance: z.string(),
  code: z.string(),
  request_id: z.string(),
});

const MEMBERS: { [Code in ProblemCode]?: Record<string, unknown> } = {
  'request-invalid': { errors: [{ field: 'labels.0', message: 'is not a label' }] },
  'label-not-permitted': { refused_labels: ['gpu-prod-admin'], permitted: ['gpu', 'ubuntu-.*'] },
  'runner-quota-reached': { limit: 10, in_use: 10 },
  'jit-config-spent': { runner_id: '0d9c5b1e-2d53-4f0e-9a62-3f0d1e9b8c01' },
};

const problemExample = (code: ProblemCode): z.infer<typeof problemSchema> => ({
  ...MEMBERS[code],
  type: `https://runners.example.com/problems/${code}`,
  title: problemCodes[code].title,
  status: statusOf(code),
  detail: 'What happened and what to do next.',
  instance: '/api/v1/…',
  code,
  request_id: 'req-1',
});

const codes = Object.keys(problemCodes) as ProblemCode[];

/** What the problem responses of all routes refer to. */
export const problemComponents = () => {
  const { $schema: _, ...problem } = z.toJSONSchema(problemSchema, { io: 'output' });
  return {
    schemas: { Problem: problem as Record<string, unknown> },
    examples: Object.fromEntries(codes.map((code) => [code, { value: problemExample(code) }])),
  };
};

/** One response per status, with an example per code. */
export const problemResponses = (some: readonly ProblemCode[]) =>
  byStatus(some).map(([status, ofStatus]) => ({
    status,
    description: ofStatus.map((code) => `\`${code}\` ${problemCodes[code].title}`).join('; '),
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(
          ofStatus.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
        ),
      },
    },
    ...(RETRIED.includes(status) ? { headers: retryAfter } : {}),
  }));

const RETRIED = [429, 503];
const retryAfter = {
  'Retry-After': { description: 'Seconds, when it is known', schema: { type: 'integer' as const } },
};

const byStatus = (some: readonly ProblemCode[]): [number, ProblemCode[]][] => {
  const statuses = new Map<number, ProblemCode[]>();
  for (const code of new Set(some)) {
    const status = statusOf(code);
    statuses.set(status, [...(statuses.get(status) ?? []), code]);
  }
  return [...statuses];
};
