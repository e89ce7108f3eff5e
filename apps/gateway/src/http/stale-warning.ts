import type { FastifyReply } from 'fastify';

/** RFC 7234 5.5.1: the view has not yet seen everything the caller has written. */
export const staleWarning = (reply: FastifyReply, fresh: boolean): void => {
  if (!fresh) reply.header('warning', '110 - "Response is Stale"');
};
