import type { FastifyInstance } from 'fastify';

/** RFC 7396 has a name of its own for the body of a PATCH. */
const JSON_TYPES = ['application/json', 'application/merge-patch+json'];

/**
 * Clients send `Content-Type: application/json` with nothing behind it. That is an empty object: fine where nothing is
 * needed, and otherwise answered with the fields that are missing.
 */
export const readJson = (fastify: FastifyInstance): void => {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>(JSON_TYPES, { parseAs: 'string' }, (request, body, done) =>
    body.trim() === '' ? done(null, {}) : parse(request, body, done),
  );
};
