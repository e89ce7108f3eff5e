import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { VERSION } from '#libs/runtime';

/** `/docs` for people, `/openapi.json` for programs. */
export const serveOpenApi = (app: NestFastifyApplication, publicUrl: string): void => {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('GitHub Runner Token Service')
    .setDescription('Provision GitHub self-hosted runners without holding GitHub credentials')
    .setVersion(VERSION)
    .addServer(publicUrl)
    .addBearerAuth()
    .build();
  SwaggerModule.setup('docs', app, () => publicPart(SwaggerModule.createDocument(app, config)), {
    jsonDocumentUrl: 'openapi.json',
  });
};

/** Health is for operators, not part of the API. */
const publicPart = (document: OpenAPIObject): OpenAPIObject => ({
  ...document,
  paths: Object.fromEntries(Object.entries(document.paths).filter(([path]) => !path.startsWith('/health'))),
});
