import type { FastifyInstance } from 'fastify';

/**
 * Clients send `Content-Type: application/json` with nothing behind it. That is an empty object: fine where nothing is
 * needed, and otherwise answered with the fields that are missing.
 */
export const readJson = (fastify: FastifyInstance): void => {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body.trim() === '' ? done(null, {}) : parse(request, body, done),
  );
};
