import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';
import type { ProblemCode } from '#libs/contracts';
import { snakeCaseName, toSnakeCase } from '#libs/runtime';
import { problemResponses } from './problem-responses.js';

/** What any route may answer to any caller. */
const EVERYWHERE: readonly ProblemCode[] = [
  'token-missing',
  'token-invalid',
  'token-expired',
  'issuer-untrusted',
  'user-not-authorized',
  'user-deactivated',
  'machine-client-refused',
  'team-deactivated',
  'rate-limited',
  'unexpected',
  'identity-provider-unavailable',
  'service-unavailable',
];
/** Of routes that read a body. */
export const WITH_BODY: readonly ProblemCode[] = ['body-not-json', 'body-too-large', 'request-invalid'];
/** Of routes that record facts. */
export const WHEN_RECORDING: readonly ProblemCode[] = ['event-store-unavailable'];

/**
 * What a route answers when all went well, with an example; both in the words of the messages, which are shown as
 * they are sent.
 */
export const answers = <Schema extends z.ZodType>(status: number, schema: Schema, example: z.input<Schema>) =>
  ApiResponse({
    status,
    description: 'Success',
    content: { 'application/json': { schema: jsonSchemaOf(schema), example: toSnakeCase(example) } },
    ...(status === 201 ? { headers: LOCATION } : {}),
  });

/** What a route tells for as long as somebody listens: server-sent events with JSON of this shape as their data. */
export const answersEvents = <Schema extends z.ZodType>(
  event: string,
  schema: Schema,
  { id, data }: { id: string; data: z.input<Schema> },
) =>
  ApiResponse({
    status: 200,
    description: `Success: events called \`${event}\``,
    content: {
      'text/event-stream': {
        schema: {
          type: 'string',
          description: 'The events; the schema is that of their data',
          contentMediaType: 'application/json',
          contentSchema: jsonSchemaOf(schema),
        } as object,
        example: `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(toSnakeCase(data))}\n\n`,
      },
    },
  });

/** What a route answers when all went well and there is nothing more to say. */
export const answersNothing = () => ApiResponse({ status: 204, description: 'Done' });

/** The problems a route may answer, beside those of every route. */
export const mayAnswer = (...codes: readonly ProblemCode[]) =>
  applyDecorators(...problemResponses([...EVERYWHERE, ...codes]).map((response) => ApiResponse(response)));

const LOCATION = { Location: { description: 'Where it is', schema: { type: 'string' as const } } };

type JsonSchema = Record<string, unknown>;

const jsonSchemaOf = (schema: z.ZodType): JsonSchema => {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return withSnakeCaseNames(jsonSchema) as JsonSchema;
};

const withSnakeCaseNames = (part: unknown): unknown => {
  if (Array.isArray(part)) return part.map(withSnakeCaseNames);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([keyword, inner]) => {
      if (keyword === 'properties') return [keyword, withSnakeCaseNames(renamed(inner as JsonSchema))];
      if (keyword === 'required') return [keyword, (inner as string[]).map(snakeCaseName)];
      return [keyword, withSnakeCaseNames(inner)];
    }),
  );
};

const renamed = (properties: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(properties).map(([name, inner]) => [snakeCaseName(name), inner]));
