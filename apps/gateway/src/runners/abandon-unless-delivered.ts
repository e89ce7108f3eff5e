import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { Problem, type ProblemCode, type RequestContext, subjects } from '#libs/contracts';
import type { Bus } from '#libs/messaging';

/** The bus may be down, and GitHub may still be thinking: long enough to outlast both. */
const TRIES = 60;
const PAUSE_MS = 1_000;
/** The provisioner, or the log, may have gone on without us. */
const OUTCOME_UNKNOWN = new Set<ProblemCode>(['service-unavailable', 'event-store-unavailable']);

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
  try {
    const provisioned = await provision();
    if (reply.raw.destroyed) void abandon(bus, runnerId, context);
    else reply.raw.once('close', () => reply.raw.writableFinished || void abandon(bus, runnerId, context));
    return provisioned;
  } catch (error) {
    if (error instanceof Problem && OUTCOME_UNKNOWN.has(error.code)) void abandon(bus, runnerId, context);
    throw error;
  }
};

/** Tried until it is done or there is nothing to give up; what is never reached expires by itself. */
const abandon = async (bus: Bus, runnerId: string, context: RequestContext): Promise<void> => {
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      await bus.ask(subjects.abandonRunner, { runnerId }, context);
      return;
    } catch {
      await sleep(PAUSE_MS, undefined, { ref: false });
    }
  }
};
