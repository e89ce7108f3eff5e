import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { problemCodes } from '#libs/contracts';

/** `docs/problems`, wherever the project lies and whether it runs compiled or not. */
export const problemPages = (): string =>
  join(dirname(findPackageJSON(import.meta.url) as string), 'docs/problems');

/** A problem's `type` is the address of the page that says what to do: `/problems/<code>`, for everybody. */
export const serveProblemPages = async (fastify: FastifyInstance): Promise<void> => {
  await fastify.register(fastifyStatic, { root: problemPages(), serve: false });
  fastify.get<{ Params: { code: string } }>('/problems/:code', ({ params: { code } }, reply) => {
    if (!Object.hasOwn(problemCodes, code)) return reply.callNotFound();
    // browsers show text, and offer Markdown for download
    return reply.sendFile(`${code}.md`, { contentType: false }).type('text/plain; charset=utf-8');
  });
};
