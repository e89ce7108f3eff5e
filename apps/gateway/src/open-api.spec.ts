import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { problemCodes } from '#libs/contracts';
import { statusOf } from '#libs/runtime';
import { problemPages } from './problem-pages/problem-pages.js';
import {
  type GatewayUnderTest,
  type Method,
  STARTS_WITHIN_MS,
  startGateway,
} from './testing/gateway-under-test.js';

/** What is served and not part of the API. */
const NOT_DESCRIBED = /^\/(dashboard|docs|problems|openapi\.json|health)/;

type Media = { schema: object; example?: unknown; examples?: Record<string, { $ref: string }> };
type Described = { content?: Record<string, Media> };
type Operation = {
  parameters?: { name: string }[];
  requestBody?: Described;
  responses: Record<string, Described>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: { Problem: object }; examples: Record<string, { value: Record<string, unknown> }> };
};

let gateway: GatewayUnderTest;
let document: Document;
beforeAll(async () => {
  gateway = await startGateway();
  document = (await gateway.anonymous('get', '/openapi.json').expect(200)).body;
}, STARTS_WITHIN_MS);
afterAll(() => gateway?.stop());

const operations = (): { name: string; operation: Operation }[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

/** `METHOD /path/{parameter}` of all that Fastify serves, from the tree it prints. */
const servedRoutes = (): string[] => {
  const tree = gateway.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    const path = (parents[depth - 1] ?? '') + part;
    parents[depth] = path;
    if (NOT_DESCRIBED.test(path) || methods === '') return [];
    const described = path.replace(/:(\w+)/g, '{$1}');
    return methods.split(', ').flatMap((method) => (method === 'HEAD' ? [] : `${method} ${described}`));
  });
};

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
/** What is wrong with an example. */
const faults = (schema: object, example: unknown): string[] => {
  const isValid = ajv.compile(schema);
  return isValid(example)
    ? []
    : (isValid.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

/** What is wrong with an example of an event, whose data is described. */
const streamFaults = ({ schema, example }: Media): string[] => {
  const { contentSchema } = schema as { contentSchema?: object };
  const [, data] = /^id: \d+\nevent: runner\ndata: (.+)\n\n$/.exec(String(example)) ?? [];
  return contentSchema && data ? faults(contentSchema, JSON.parse(data)) : ['is no event'];
};

it('describes every route that is served, and no other', () => {
  const described = operations().map(({ name }) => name);
  expect(document.openapi).toMatch(/^3\.1/);
  expect(described.length).toBeGreaterThan(20);
  expect(described.sort()).toEqual(servedRoutes().sort());
});

it('pages and sorts every list in the same way', () => {
  const paged = operations().flatMap(({ name, operation: { parameters = [] } }) => {
    const names = parameters.map((parameter) => parameter.name);
    return names.includes('limit') ? [[name, names.includes('offset'), names.includes('sort')]] : [];
  });
  expect(paged.length).toBeGreaterThan(10);
  expect(paged).toEqual(paged.map(([name]) => [name, true, true]));
});

it('gives an example of every request that has a body, and a right one', () => {
  const wrong = operations().flatMap(({ name, operation: { requestBody } }) => {
    const media = requestBody?.content?.['application/json'];
    if (!media) return [];
    const example = media.example ?? (media.schema as { example?: unknown }).example;
    return example === undefined
      ? [`${name} has none`]
      : faults(media.schema, example).map((fault) => `${name} ${fault}`);
  });
  expect(wrong).toEqual([]);
});

it('gives an example of every answer, and a right one', () => {
  const wrong = operations().flatMap(({ name, operation: { responses } }) =>
    Object.entries(responses).flatMap(([status, { content }]) => {
      const stream = content?.['text/event-stream'];
      if (stream) return streamFaults(stream).map((fault) => `${name} ${status} ${fault}`);
      const media = content?.['application/json'];
      if (!media) return status === '204' || Number(status) >= 400 ? [] : [`${name} ${status} has none`];
      return faults(media.schema, media.example).map((fault) => `${name} ${status} ${fault}`);
    }),
  );
  expect(wrong).toEqual([]);
});

describe('problem codes', () => {
  const answered = (operation: Operation) =>
    Object.entries(operation.responses).flatMap(([status, { content }]) =>
      Object.entries(content?.['application/problem+json']?.examples ?? {}).map(([code, { $ref }]) => ({
        status: Number(status),
        code,
        $ref,
      })),
    );

  it('are all described, have a page and an example, and are answered somewhere', () => {
    const codes = Object.keys(problemCodes).sort();
    const anywhere = operations().flatMap(({ operation }) => answered(operation).map(({ code }) => code));
    expect(Object.keys(document.components.examples).sort()).toEqual(codes);
    expect(
      readdirSync(problemPages())
        .map((file) => file.replace(/\.md$/, ''))
        .sort(),
    ).toEqual(codes);
    expect([...new Set([...anywhere, 'route-unknown'])].sort()).toEqual(codes);
  });

  it('have examples of the shape of a problem, under their own status', () => {
    for (const [code, { value }] of Object.entries(document.components.examples)) {
      expect(faults(document.components.schemas.Problem, value)).toEqual([]);
      expect(value).toMatchObject({ code, status: statusOf(code as keyof typeof problemCodes) });
    }
    for (const { operation } of operations())
      for (const { status, code, $ref } of answered(operation))
        expect([status, $ref]).toEqual([
          statusOf(code as keyof typeof problemCodes),
          `#/components/examples/${code}`,
        ]);
  });
});

it('every route of the API demands a token, before it looks at anything else', async () => {
  const api = operations().filter(({ name }) => !name.includes('/webhooks/'));
  const got = await Promise.all(
    api.map(async ({ name }) => {
      const [method = '', path = ''] = name.split(' ');
      const address = path.replace(/\{\w+\}/g, '7a1d2b3c-4d5e-4f60-8a7b-9c0d1e2f3a04');
      const { status, headers, body } = await gateway
        .anonymous(method.toLowerCase() as Method, address)
        .send();
      return { name, status, code: body.code, challenge: headers['www-authenticate']?.split(' ')[0] };
    }),
  );
  expect(got).toEqual(
    api.map(({ name }) => ({ name, status: 401, code: 'token-missing', challenge: 'Bearer' })),
  );
});
