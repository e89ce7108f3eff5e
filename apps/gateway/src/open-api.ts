import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { VERSION } from '#libs/runtime';
import { problemComponents } from './http/problem-responses.js';
import { webhookPaths } from './webhooks/github-webhooks.open-api.js';

const DESCRIPTION = `Provision GitHub self-hosted runners without holding GitHub credentials.

Every refusal is \`application/problem+json\` with a stable \`code\`; an address that does not exist is \`route-unknown\`.`;

/** `/docs` for people, `/openapi.json` for programs. */
export const serveOpenApi = (app: NestFastifyApplication, publicUrl: string): void => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('GitHub Runner Token Service')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .addServer(publicUrl)
    .addBearerAuth()
    .build();
  SwaggerModule.setup(
    'docs',
    app,
    () => complete(SwaggerModule.createDocument(app, config, { standardSchemaConverter })),
    {
      jsonDocumentUrl: 'openapi.json',
    },
  );
};

/** Nest would write schemas as of OpenAPI 3.0, where null is spelt otherwise. */
const standardSchemaConverter = (schema: unknown, { schemaType: io }: { schemaType: 'input' | 'output' }) =>
  schema instanceof z.ZodType
    ? { schema: z.toJSONSchema(schema, { io, unrepresentable: 'any' }) }
    : undefined;

/** With what no controller declares, and without health, which is for operators. */
const complete = (document: OpenAPIObject): OpenAPIObject => {
  const { schemas, examples } = problemComponents();
  const { components, paths } = document;
  const described = Object.entries(paths).filter(([path]) => !path.startsWith('/health'));
  return {
    ...document,
    components: { ...components, schemas: { ...components?.schemas, ...schemas }, examples },
    paths: { ...Object.fromEntries(described), ...(webhookPaths as OpenAPIObject['paths']) },
  };
};
