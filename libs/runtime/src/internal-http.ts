import type { INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeRunFile } from './run-file.js';

/** The internal listener of an app: health, metrics and, for some, pages. */
export const internalAdapter = () => new FastifyAdapter({ bodyLimit: 1024 * 1024 });

/** Listens and says so in the run file. */
export const listenInternally = async (
  app: NestFastifyApplication | INestApplication,
  name: string,
  {
    INTERNAL_HOST,
    INTERNAL_PORT,
    RUN_FILE,
  }: { INTERNAL_HOST: string; INTERNAL_PORT: number; RUN_FILE?: string | undefined },
): Promise<string> => {
  await app.listen(INTERNAL_PORT, INTERNAL_HOST);
  const { port } = app.getHttpServer().address() as { port: number };
  const internalUrl = `http://${INTERNAL_HOST}:${port}`;
  await writeRunFile(RUN_FILE, { app: name, internal_url: internalUrl });
  return internalUrl;
};
