import { randomUUID } from 'node:crypto';
import type { Actor, RequestContext } from '#libs/contracts';
import type { NewMetadata } from '#libs/event-store';

/** How long a command may take when its asker did not say. */
const DEFAULT_DEADLINE_MS = 20_000;

/** Identity and circumstances of one command: what its events' ids and metadata are made of. */
export type Origin = {
  /** The same command records the same event ids. */
  commandId: string;
  metadata: NewMetadata;
  /** Milliseconds since 1970. */
  deadline: number;
};

/** `causationId` = what caused the command, when it was not the request itself. */
export const originOf = (
  context: RequestContext,
  actor: Actor,
  { commandId = randomUUID(), causationId = commandId }: { commandId?: string; causationId?: string } = {},
): Origin => {
  const {
    requestId,
    requestIp,
    userAgent,
    traceparent,
    deadline = Date.now() + DEFAULT_DEADLINE_MS,
  } = context;
  return {
    commandId,
    deadline,
    metadata: {
      $correlationId: requestId,
      $causationId: causationId,
      actor,
      ...(requestIp === undefined ? {} : { requestIp }),
      ...(userAgent === undefined ? {} : { userAgent }),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  };
};

/** A further step of the same command, with ids of its own. */
export const step = (origin: Origin, name: string): Origin => ({
  ...origin,
  commandId: `${origin.commandId}/${name}`,
});

/** When nobody asked: the service looks after itself. */
export const serviceActor: Actor = { kind: 'service', app: 'provisioner' };
