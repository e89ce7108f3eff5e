import type { FastifyReply } from 'fastify';

/** RFC 9110, 15.3.2: where the new thing is. Nest answers 201 to a POST by itself. */
export const createdAt = (reply: FastifyReply, path: string): void => {
  reply.header('location', path);
};
