import type { FastifyReply } from 'fastify';
import { Problem, type RequestContext, subjects } from '#libs/contracts';
import type { Bus } from '#libs/messaging';

/**
 * A JIT config that reaches nobody is of no use and takes a slot: when the caller hung up before its answer was
 * written, or the bus lost the answer, the runner is given up.
 */
export const abandonUnlessDelivered = async <T>(
  bus: Bus,
  runnerId: string,
  context: RequestContext,
  reply: FastifyReply,
  provision: () => Promise<T>,
): Promise<T> => {
  const abandon = () => {
    bus.ask(subjects.abandonRunner, { runnerId }, context).catch(() => {});
  };
  try {
    const provisioned = await provision();
    if (reply.raw.destroyed) abandon();
    else reply.raw.once('close', () => reply.raw.writableFinished || abandon());
    return provisioned;
  } catch (error) {
    if (error instanceof Problem && error.code === 'service-unavailable') abandon();
    throw error;
  }
};
