import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

/** `application/problem+json`, RFC 9457. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  request_id: z.string(),
});

const jsonSchemaOf = (schema: z.ZodType) => {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' });
  return jsonSchema as Record<string, unknown>;
};

/** What a route answers when all went well. */
export const answers = (status: number, schema: z.ZodType) =>
  ApiResponse({
    status,
    description: 'Success',
    content: { 'application/json': { schema: jsonSchemaOf(schema) } },
  });

/** The problems a route may answer, by status. */
export const mayAnswer = (...statuses: number[]) =>
  applyDecorators(
    ...statuses.map((status) =>
      ApiResponse({
        status,
        description: 'Problem',
        content: { 'application/problem+json': { schema: jsonSchemaOf(problemSchema) } },
      }),
    ),
  );
